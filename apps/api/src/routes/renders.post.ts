import { checkWebhookUrl, type Render, renderSchema, WebhookUrlError } from '@musistrata/render-queue';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { longestWaitSeconds, preferredWait } from '../http/prefer.js';
import { sendJson } from '../http/send-json.js';
import { fingerprint, readTask } from '../intake/read-task.js';
import { submissionHeaders } from '../intake/request-headers.js';
import { Problem } from '../problems/problem.js';
import { awaitRender } from '../renders/await-render.js';
import { whileWanted } from '../renders/client-gone.js';
import { hasEnded, presentRender, retryAfterSeconds } from '../renders/present-render.js';
import { answerWithFile } from '../renders/render-file-answer.js';
import type { Service } from '../service.js';
import { fileContent } from './file-documents.js';
import { defineRoute } from './route.js';
import { scoreBody, scoreProblems } from './score-documents.js';

export const createRender = defineRoute({
  method: 'post',
  path: '/v1/renders',
  scope: 'submit',
  operationId: 'createRender',
  tag: 'renders',
  summary: 'Render a score',
  description:
    'The score comes as the body itself with its own content type, as JSON with everything around it, or as the file of a form. ' +
    'Options may also stand in the query, nested ones by dotted names (`master.normalize=none`); there they win over the body. ' +
    'An equal score with equal options that was rendered before is finished at once (`cached`).',
  query: z.looseObject({}),
  headers: z.object({
    Prefer: z
      .string()
      .optional()
      .describe(
        `wait=30 holds the answer until the render has ended, for at most so many seconds (${longestWaitSeconds} at most). With Accept: audio/* the answer is then the audio itself.`,
      ),
    'Idempotency-Key': z.string().optional().describe('Sent again with the same request, it gives the same render.'),
    'Cancel-After': z.string().optional().describe('Cancels the render unless it has ended after 90, 90s, 5m or 2h.'),
  }),
  body: scoreBody,
  responses: {
    200: { description: 'The audio, after Prefer: wait with Accept: audio/*.', content: fileContent('audio') },
    201: {
      description: 'The ended render, after Prefer: wait.',
      content: { 'application/json': { schema: renderSchema } },
      headers: { Location: 'Address of the render.', 'Preference-Applied': 'wait' },
    },
    202: {
      description: 'The render, accepted.',
      content: { 'application/json': { schema: renderSchema } },
      headers: {
        Location: 'Address of the render.',
        'Retry-After': 'When to ask for it, in seconds.',
        'Idempotency-Replayed': 'true when the render was made by an earlier request with the same key.',
      },
    },
  },
  problems: [
    ...scoreProblems,
    'idempotency-key-in-use',
    'idempotency-key-reused',
    'rate-limited',
    'too-many-renders',
    'queue-full',
    'render-failed',
    'render-canceled',
    'render-gone',
    'not-acceptable',
  ],
  async handle({ request, response, caller }, service) {
    await service.rateLimits?.take(service.config.authenticated ? caller.tenant : null, request, response);
    const { idempotencyKey, cancelAfterSeconds } = submissionHeaders(request.headers);
    const wait = preferredWait(request.headers.prefer);
    const wantsAudio = wait !== null && prefersAudio(request);
    const task = await readTask(request, response, service.config);
    const { tracing } = service;
    const read = await tracing.span('parse', { 'score.bytes': task.bytes.length }, async (span) => {
      const known = await service.reader.read(wantsAudio ? { ...task, acceptedFormat: acceptedFormat(request) } : task);
      span.set({ 'score.format': known.summary.format, 'score.notes': known.summary.noteCount });
      return known;
    });
    if (wantsAudio) assertAcceptable(request, read.options.format);
    if (read.webhook) assertWebhook(read.webhook.url, service);
    const submission = {
      tenant: caller.tenant,
      bytes: read.score ?? task.bytes,
      score: read.summary,
      fileName: read.fileName,
      options: read.options,
      soundIdentity: read.soundIdentity,
      expectedSeconds: read.expectedSeconds,
      warnings: [...read.warnings],
      metadata: read.metadata,
      webhook: read.webhook,
      cancelAfterSeconds,
      idempotency: idempotencyKey === null ? null : { key: idempotencyKey, fingerprint: fingerprint(task) },
    };
    const { render, replayed } = await tracing.span('enqueue', {}, async (span) => {
      const submitted = await service.desk.submit(submission);
      span.set({ 'render.id': submitted.render.id, 'render.cached': submitted.render.cached });
      return submitted;
    });
    // What the key stands for may have been asked for with another Accept.
    if (wantsAudio) assertAcceptable(request, render.options.format);
    response.locals.renderId = render.id;
    response.setHeader('Location', `/v1/renders/${render.id}`);
    if (replayed) response.setHeader('Idempotency-Replayed', 'true');
    if (wait === null) {
      accepted(response, render, service);
      return;
    }
    const ended = hasEnded(render)
      ? render
      : await awaitRender(service.desk, render.id, wait, whileWanted(response, service));
    if (!hasEnded(ended)) {
      accepted(response, ended, service);
      return;
    }
    response.setHeader('Preference-Applied', `wait=${wait}`);
    if (wantsAudio) await answerAudio(request, response, ended, service);
    else sendJson(response, 201, presentRender(ended, service));
  },
});

const contentTypes = { wav: 'audio/wav', flac: 'audio/flac', mp3: 'audio/mpeg', opus: 'audio/ogg' } as const;
type Format = keyof typeof contentTypes;

/** Whether audio is what the client likes best. A client that takes anything gets JSON. */
function prefersAudio(request: Request): boolean {
  const best = request.accepts(['application/json', ...Object.values(contentTypes)]);
  return best !== false && best.startsWith('audio/');
}

/** The format to render in when the options name none. */
function acceptedFormat(request: Request): Format {
  const best = request.accepts(Object.values(contentTypes));
  const formats = Object.keys(contentTypes) as Format[];
  return formats.find((format) => contentTypes[format] === best) ?? 'wav';
}

/** @throws Problem not-acceptable unless the client takes this format. */
function assertAcceptable(request: Request, format: Format): void {
  if (!request.accepts(contentTypes[format])) throw Problem.notAcceptable([contentTypes[format], 'application/json']);
}

/** @throws Problem request-invalid for a webhook that would never be told. */
function assertWebhook(url: string, { webhookGuard }: Service): void {
  try {
    checkWebhookUrl(url, webhookGuard);
  } catch (error) {
    if (!(error instanceof WebhookUrlError)) throw error;
    throw Problem.requestInvalid([{ pointer: '/webhook/url', message: error.message }]);
  }
}

function accepted(response: Response, render: Render, service: Service): void {
  response.setHeader('Retry-After', retryAfterSeconds(render));
  sendJson(response, 202, presentRender(render, service));
}

async function answerAudio(request: Request, response: Response, render: Render, service: Service): Promise<void> {
  if (render.status === 'failed')
    throw Problem.renderFailed(render.error?.code ?? 'unknown', render.error?.message ?? 'no reason is known.');
  response.setHeader('Content-Location', `/v1/renders/${render.id}/audio`);
  await answerWithFile(request, response, render, { file: 'audio', download: true }, service);
}
