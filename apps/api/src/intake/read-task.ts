import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';
import type { ApiConfig } from '../config.js';
import { Problem } from '../problems/problem.js';
import type { OptionPairs } from '../scores/read-options.js';
import type { ReadTask } from '../scores/read-submission.js';
import { readBody } from './body.js';
import { type Form, readForm } from './multipart.js';
import { scoreLimits } from './score-limits.js';

const memberNames = ['options', 'webhook', 'metadata'] as const;
const scoreFields = new Set(['score', 'file']);

/**
 * Takes a submission in, whichever way it comes: a raw body, JSON, or a form with a file.
 * @throws Problem for everything that is wrong with the way it is packed.
 */
export async function readTask(request: Request, response: Response, config: ApiConfig): Promise<ReadTask> {
  const query = queryPairs(request);
  const contentType = request.headers['content-type'] ?? '';
  const common = { limits: scoreLimits(config), maxOutputBytes: config.MAX_OUTPUT_BYTES };
  if (!/^multipart\/form-data\b/i.test(contentType)) {
    const bytes = await readBody(request, response, config.MAX_BODY_BYTES);
    if (bytes.length === 0) throw Problem.bodyMissing();
    return { ...common, bytes, hint: contentType, fileName: null, pairs: query, members: {} };
  }
  const form = await readForm(request, response, config.MAX_BODY_BYTES);
  const members: Partial<Record<(typeof memberNames)[number], string>> = {};
  const pairs: [string, string][] = [...query.map(([name, value]): [string, string] => [name, value])];
  for (const [name, value] of form.fields) {
    const member = memberNames.find((candidate) => candidate === name);
    if (member) members[member] = value;
    else if (!scoreFields.has(name)) pairs.push([name, value]);
  }
  const file = scoreFile(form);
  const hint = file.name ?? '';
  return { ...common, bytes: file.bytes, hint, fileName: file.name, pairs, members };
}

function scoreFile(form: Form): { bytes: Buffer; name: string | null } {
  if (form.file && form.file.bytes.length > 0) return form.file;
  const text = form.fields.find(([name]) => scoreFields.has(name))?.[1];
  if (text === undefined || text === '') throw Problem.bodyMissing();
  return { bytes: Buffer.from(text), name: null };
}

function queryPairs(request: Request): OptionPairs {
  return Object.entries(request.query).flatMap(([name, value]): [string, string][] =>
    (Array.isArray(value) ? value : [value]).map((text) => [name, String(text)]),
  );
}

/** Equal for equal requests, however a form was divided into parts. */
export function fingerprint(task: ReadTask): string {
  const beside = JSON.stringify([task.hint.split(';')[0], task.pairs, task.members]);
  return createHash('sha256').update(beside).update('\n').update(task.bytes).digest('hex');
}
