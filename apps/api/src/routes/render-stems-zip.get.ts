import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Render, RenderFile } from '@musistrata/render-queue';
import { ZipFile } from 'yazl';
import { deliver } from '../http/deliver.js';
import { contentDisposition, extensionOf, fileName } from '../http/file-name.js';
import { evaluatePreconditions } from '../http/preconditions.js';
import { Problem } from '../problems/problem.js';
import { downloadName, fileCacheControl } from '../renders/render-file-answer.js';
import { visibleRender } from '../renders/visible-render.js';
import { fileProblems } from './file-documents.js';
import { fileQuery, renderParams } from './render-id.js';
import { defineRoute } from './route.js';

export const getRenderStemsZip = defineRoute({
  method: 'get',
  path: '/v1/renders/{id}/stems.zip',
  scope: 'read',
  signable: true,
  operationId: 'getRenderStemsZip',
  tag: 'files',
  summary: 'All parts in one archive',
  description: 'Stored, not deflated: the archive is made while it is sent, and its length is known from the start.',
  params: renderParams,
  query: fileQuery,
  responses: {
    200: { description: 'The archive.', content: { 'application/zip': { schema: null } } },
    304: { description: 'The client has this version.' },
  },
  problems: fileProblems,
  async handle({ request, response, params: { id }, caller }, service) {
    const render = await visibleRender(id, caller, service);
    const stems = await Promise.all(
      (render.stems ?? []).map(async (stem) => ({
        name: stemName(render, stem.part, stem.name, stem.contentType),
        file: await service.desk.openFile(id, { stem: stem.part }),
      })),
    );
    if (stems.length === 0) {
      await service.desk.openFile(id, 'audio');
      throw Problem.fileNotFound('stems: they were not asked for');
    }
    const etag = `"${createHash('sha256')
      .update(stems.map(({ name, file }) => `${name}:${file.sha256}`).join('\n'))
      .digest('hex')}"`;
    const precondition = evaluatePreconditions(request.headers, { etag });
    if (precondition === 'failed') throw Problem.preconditionFailed();
    response.setHeader('ETag', etag);
    response.setHeader('Cache-Control', fileCacheControl(render.expiresAt));
    if (precondition === 'not-modified') {
      response.writeHead(304).end();
      return;
    }
    const archive = await zipOf(stems);
    response.setHeader('Content-Type', 'application/zip');
    response.setHeader('Content-Length', archive.bytes);
    const name = downloadName(render, ' - stems', 'application/zip').replace(/\.bin$/, '.zip');
    response.setHeader('Content-Disposition', contentDisposition(name, 'attachment'));
    if (request.method === 'HEAD') {
      response.writeHead(200).end();
      return;
    }
    response.writeHead(200);
    try {
      await deliver(archive.stream, response, true);
    } finally {
      archive.stop();
    }
  },
});

function stemName(render: Render, part: number, name: string, contentType: string): string {
  const number = String(part + 1).padStart(String(render.score.partCount).length, '0');
  return fileName(`${number} ${name}`, `${number}.${extensionOf(contentType)}`, contentType);
}

interface Archive {
  /** Breaks off with an error when a file in it cannot be read. */
  readonly stream: Readable;
  /** Length of the whole archive. */
  readonly bytes: number;
  /** Lets go of the file that is being read. */
  stop(): void;
}

async function zipOf(stems: readonly { name: string; file: RenderFile }[]): Promise<Archive> {
  const zip = new ZipFile();
  let reading: Readable | undefined;
  let stopped = false;
  for (const { name, file } of stems)
    zip.addReadStreamLazy(name, { compress: false, size: file.bytes, mtime: file.modifiedAt }, (done) => {
      file.read().then(
        (stream) => {
          reading = stream;
          if (stopped) stream.destroy();
          done(null, stream);
        },
        (error: unknown) => done(error, reading as Readable),
      );
    });
  const bytes = await new Promise<number>((resolve) => {
    // The library passes the length to this callback; its types leave that out.
    const measured: (...sizes: number[]) => void = (size = -1) => resolve(size);
    zip.end({ forceZip64Format: false, comment: '' }, measured);
  });
  const stream = zip.outputStream as Readable;
  zip.on('error', (error: Error) => stream.destroy(error));
  return {
    stream,
    bytes,
    stop: () => {
      stopped = true;
      reading?.destroy();
    },
  };
}
