import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { sendFile } from '../http/send-file.js';
import { scoreLimits } from '../intake/score-limits.js';
import { Problem } from '../problems/problem.js';
import { downloadName, fileCacheControl } from '../renders/render-file-answer.js';
import { visibleRender } from '../renders/visible-render.js';
import { fileResponses } from './file-documents.js';
import { fileQuery, renderParams } from './render-id.js';
import { defineRoute } from './route.js';

export const getRenderMidi = defineRoute({
  method: 'get',
  path: '/v1/renders/{id}/midi',
  scope: 'read',
  signable: true,
  operationId: 'getRenderMidi',
  tag: 'files',
  summary: 'The score as a MIDI file',
  description:
    'There as soon as the render is: it comes from the score, not from the audio. A score that is MIDI comes back as it was sent.',
  params: renderParams,
  query: fileQuery,
  responses: fileResponses('midi'),
  problems: [
    'render-not-found',
    'render-gone',
    'render-file-not-found',
    'score-unreadable',
    'score-invalid',
    'score-too-large',
    'score-too-long',
    'score-too-complex',
    'reader-busy',
    'link-invalid',
  ],
  async handle({ request, response, params: { id }, query, caller }, service) {
    const render = await visibleRender(id, caller, service);
    const score = await service.desk.scoreOf(id);
    if (score === null) throw Problem.fileNotFound('score any more');
    const { format } = render.score;
    const midi =
      format === 'midi'
        ? score
        : await service.reader.exportMidi({
            bytes: score,
            hint: format === 'musistrata' ? 'application/json' : format,
            options: render.options,
            limits: scoreLimits(service.config),
          });
    await sendFile(request, response, {
      bytes: midi.length,
      contentType: 'audio/midi',
      sha256: createHash('sha256').update(midi).digest('hex'),
      name: downloadName(render, '', 'audio/midi'),
      disposition: query.download ? 'attachment' : 'inline',
      cacheControl: fileCacheControl(render.expiresAt),
      read: async (range) =>
        Readable.from([range ? midi.subarray(range.start, range.end + 1) : midi], { objectMode: false }),
    });
  },
});
