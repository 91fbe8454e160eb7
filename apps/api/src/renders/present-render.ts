import type { AudioFile, Render } from '@musistrata/render-queue';
import type { SignedLinks } from '../auth/signed-links.js';
import type { ApiConfig } from '../config.js';

/** Where links come from. */
export interface LinkSource {
  readonly config: Pick<ApiConfig, 'PUBLIC_URL'>;
  readonly links: SignedLinks;
}

/** A render as the answer shows it: its links signed, and absolute where the service knows its public address. */
export function presentRender(render: Render, from: LinkSource): Render {
  const link = <File extends AudioFile>(file: File): File => ({ ...file, url: publicLink(file.url, from) });
  return { ...render, audio: render.audio && link(render.audio), stems: render.stems?.map(link) ?? null };
}

/** A link that works in a player: signed when there are keys. */
export function publicLink(path: string, from: LinkSource): string {
  return (from.config.PUBLIC_URL ?? '').replace(/\/$/, '') + from.links.sign(path);
}

/** Whether nothing will change any more. */
export function hasEnded(render: Render): boolean {
  return render.status !== 'queued' && render.status !== 'rendering';
}

/** Seconds after which asking again makes sense. */
export function retryAfterSeconds({ estimatedSeconds }: Pick<Render, 'estimatedSeconds'>): number {
  return Math.min(30, Math.max(1, Math.ceil(estimatedSeconds ?? 1)));
}
