import type { IncomingMessage, ServerResponse } from 'node:http';
import { Busboy, type BusboyHeaders, type BusboyInstance } from '@fastify/busboy';
import { Problem } from '../problems/problem.js';
import { openBody } from './body.js';

/** What a form held: one file at most, and text fields in the order they came. */
export interface Form {
  readonly file: { readonly bytes: Buffer; readonly name: string | null } | null;
  readonly fields: readonly (readonly [name: string, value: string])[];
}

const mostFields = 300;
const mostFieldBytes = 1024 * 1024;

/**
 * Reads a multipart/form-data body (RFC 7578) whose parts together hold at most `limitBytes` bytes.
 * @throws Problem malformed-multipart, body-too-large, body-incomplete.
 */
export async function readForm(request: IncomingMessage, response: ServerResponse, limitBytes: number): Promise<Form> {
  const parser = formParser(request, limitBytes);
  const body = openBody(request, response, limitBytes);
  const fields: [string, string][] = [];
  const files: { bytes: Buffer; name: string | null }[] = [];
  return new Promise((resolve, reject) => {
    const fail = (problem: Problem) => {
      body.unpipe(parser);
      body.removeAllListeners('data');
      request.pause();
      reject(problem);
    };
    let bytes = 0;
    body.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > limitBytes) fail(Problem.bodyTooLarge('The form', limitBytes));
    });
    parser.on('file', (_field, stream, name) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('limit', () => fail(Problem.bodyTooLarge('The file in the form', limitBytes)));
      stream.on('error', () => fail(Problem.malformedMultipart('a file in it is broken off')));
      stream.on('end', () => files.push({ bytes: Buffer.concat(chunks), name: name || null }));
    });
    parser.on('field', (name, value, nameTruncated, valueTruncated) => {
      if (nameTruncated || valueTruncated) fail(Problem.bodyTooLarge(`The field "${name}"`, mostFieldBytes));
      else fields.push([name, value]);
    });
    parser.on('filesLimit', () => fail(Problem.malformedMultipart('it holds more than one file')));
    parser.on('fieldsLimit', () => fail(Problem.malformedMultipart(`it holds more than ${mostFields} fields`)));
    parser.on('error', (error) =>
      fail(Problem.malformedMultipart(error instanceof Error ? error.message : 'it is broken')),
    );
    parser.on('finish', () => resolve({ file: files[0] ?? null, fields }));
    body.once('error', (error) =>
      fail(error instanceof Problem ? error : Problem.malformedMultipart('its encoding is broken')),
    );
    request.once('aborted', () => fail(Problem.bodyIncomplete()));
    body.pipe(parser);
  });
}

function formParser(request: IncomingMessage, limitBytes: number): BusboyInstance {
  try {
    return new Busboy({
      headers: request.headers as BusboyHeaders,
      limits: {
        files: 1,
        fileSize: limitBytes,
        fields: mostFields,
        fieldSize: mostFieldBytes,
        fieldNameSize: 200,
        parts: mostFields + 1,
      },
    });
  } catch (error) {
    throw Problem.malformedMultipart(error instanceof Error ? error.message : 'its header is broken');
  }
}
