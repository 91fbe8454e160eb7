import type { Render, RenderFileName } from '@musistrata/render-queue';
import type { Request, Response } from 'express';
import { contentDisposition, fileName } from '../http/file-name.js';
import { sendFile } from '../http/send-file.js';
import type { Service } from '../service.js';

export interface FileAnswer {
  readonly file: RenderFileName;
  /** Added to the name of the download: ` - Piano`. */
  readonly suffix?: string;
  readonly name?: string;
  readonly download: boolean;
  /** The client may be sent to the storage, where that is wanted and can be done. */
  readonly redirectable?: boolean;
}

/** How long the address in the storage works: a download has to begin within that time. */
const redirectSeconds = 900;

/**
 * Answers with a file of a render.
 * @throws RenderNotReadyError, RenderFileNotFoundError, Problem.
 */
export async function answerWithFile(
  request: Request,
  response: Response,
  render: Render,
  { file, suffix = '', name, download, redirectable = false }: FileAnswer,
  service: Service,
): Promise<void> {
  const opened = await service.desk.openFile(render.id, file);
  const shownName = name ?? downloadName(render, suffix, opened.contentType);
  const disposition = download ? 'attachment' : 'inline';
  const redirect = redirectable && service.config.AUDIO_REDIRECT;
  await sendFile(request, response, {
    bytes: opened.bytes,
    contentType: opened.contentType,
    sha256: opened.sha256,
    lastModified: opened.modifiedAt,
    name: shownName,
    disposition,
    cacheControl: fileCacheControl(render.expiresAt),
    read: (range) => opened.read(range),
    ...(redirect
      ? {
          elsewhere: () =>
            opened.presign({
              seconds: redirectSeconds,
              contentType: opened.contentType,
              contentDisposition: contentDisposition(shownName, disposition),
            }),
        }
      : {}),
  });
}

/** What a file of a render is called on the client's disk. */
export function downloadName(render: Render, suffix: string, contentType: string): string {
  const title = render.options.tags.title ?? render.score.title;
  return fileName(title === null ? null : title + suffix, `render-${render.id}${suffix}`, contentType);
}

/** Finished files never change, but they go away. */
export function fileCacheControl(expiresAt: string | null, now = Date.now()): string {
  const year = 31_536_000;
  const left = expiresAt === null ? year : Math.floor((Date.parse(expiresAt) - now) / 1000);
  return `private, max-age=${Math.min(year, Math.max(0, left))}, immutable`;
}
