import type { Manifest } from '../records/records.js';
import type { AudioFile, Render } from '../render.js';
import type { Look } from './look.js';

const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

/** The render as clients see it. Urls are paths below the server's root. */
export function viewRender(look: Look): Render {
  const { request, ended, content } = look;
  const manifest = ended?.status === 'succeeded' ? look.manifest : null;
  const status = ended?.status ?? content.status;
  const totalSeconds = manifest?.audio.durationSeconds ?? content.totalSeconds;
  const renderedSeconds = manifest ? totalSeconds : ended ? 0 : Math.min(content.renderedSeconds, totalSeconds);
  return {
    id: request.id,
    status,
    progress: {
      renderedSeconds,
      totalSeconds,
      fraction: manifest ? 1 : totalSeconds > 0 ? renderedSeconds / totalSeconds : 0,
    },
    queuePosition: status === 'queued' ? look.position : null,
    estimatedSeconds: ended ? null : estimate(look),
    createdAt: request.createdAt,
    startedAt: iso(ended ? ended.startedAt : status === 'rendering' ? content.startedAt : null),
    finishedAt: iso(ended?.finishedAt ?? null),
    expiresAt: iso(ended?.expiresAt ?? null),
    score: request.score,
    options: request.options,
    warnings: manifest?.warnings ?? request.warnings,
    audio: manifest ? audioFile(manifest.audio, `/v1/renders/${request.id}/audio`) : null,
    stems:
      manifest?.stems?.map((stem) => ({
        ...audioFile(stem, `/v1/renders/${request.id}/stems/${stem.part}`),
        part: stem.part,
        name: stem.partName,
      })) ?? null,
    error: ended?.error ?? null,
    cached: ended?.cached ?? false,
    metadata: request.metadata,
  };
}

function audioFile(file: Manifest['audio'], url: string): AudioFile {
  const { contentType, bytes, durationSeconds, sampleRate, channels, bitDepth, sha256, peakDbtp, loudnessLufs } = file;
  return {
    url,
    contentType,
    bytes,
    durationSeconds,
    sampleRate,
    channels,
    bitDepth,
    sha256,
    peakDbtp,
    loudnessLufs,
  };
}

/** Seconds until the render is finished: the audio ahead of it in the queue shared by all slots, then its own. */
function estimate(look: Look): number | null {
  if (look.factor === null || look.slots === 0) return null;
  const own = look.content.totalSeconds - look.content.renderedSeconds;
  const share = look.position === null ? 0 : Math.min(1, look.position / Math.max(1, look.waiting));
  const ahead = look.content.status === 'queued' ? (look.backlogSeconds * share) / look.slots : 0;
  return Math.max(0, Math.round(((own + ahead) / look.factor) * 100) / 100);
}
