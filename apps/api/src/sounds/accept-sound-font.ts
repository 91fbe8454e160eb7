import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { makeFolder } from '@musistrata/blob-store';
import type { ListedFont } from '@musistrata/render-core';
import { openBody } from '../intake/body.js';
import { Problem } from '../problems/problem.js';
import type { Service } from '../service.js';
import { checkSoundFont } from './check-sound-font.js';
import { isSame, offerFile } from './offer-file.js';

const mostSeconds = 60;

/**
 * Takes a sound font in: to a file of its own, read through in a thread, and only then under its name. Nothing of it is left when it is refused.
 * @param name checked by the route: safe as a file name
 * @throws Problem
 */
export async function acceptSoundFont(
  request: IncomingMessage,
  response: ServerResponse,
  name: string,
  { config, sounds }: Service,
): Promise<ListedFont> {
  const folder = config.SOUNDFONT_DIR;
  if (folder === undefined) throw Problem.uploadsOff();
  if (find(sounds.catalogue.list().soundFonts, name)) throw Problem.soundFontExists(name);
  const body = openBody(request, response, config.MAX_SOUNDFONT_BYTES);
  const incoming = join(folder, '.incoming');
  await makeFolder(incoming);
  const temporary = join(incoming, randomUUID());
  try {
    let bytes = 0;
    const counter = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        bytes += chunk.length;
        if (bytes > config.MAX_SOUNDFONT_BYTES)
          done(Problem.bodyTooLarge('The sound font', config.MAX_SOUNDFONT_BYTES));
        else done(null, chunk);
      },
    });
    await pipeline(body, counter, createWriteStream(temporary, { flags: 'wx', mode: 0o644 })).catch(
      (error: unknown) => {
        throw bodyProblem(error, request);
      },
    );
    if (bytes === 0) throw Problem.bodyMissing('a sound font');
    const extension = await extensionOf(temporary);
    await checkSoundFont(temporary, mostSeconds);
    await offerFile(temporary, folder, name, extension);
  } finally {
    await rm(temporary, { force: true });
  }
  await sounds.refresh();
  const font = find(sounds.catalogue.list().soundFonts, name);
  if (!font) throw Problem.soundFontUnreadable('its presets cannot be listed');
  return font;
}

const find = (fonts: readonly ListedFont[], name: string) => fonts.find((font) => isSame(font.name, name));

/** Why a body did not become a file: the disk, the client that left, or a content encoding that is none. */
function bodyProblem(error: unknown, request: IncomingMessage): unknown {
  if (error instanceof Problem || typeof error !== 'object' || error === null) return error;
  const code = 'code' in error ? String(error.code) : '';
  // Codes of zlib and Brotli.
  if (/^(?:Z_|ERR__ERROR)/.test(code)) return Problem.malformedEncoding(request.headers['content-encoding'] ?? '');
  return 'syscall' in error && error.syscall !== 'read' ? error : Problem.bodyIncomplete();
}

/** By the form of its RIFF chunk (SF2.04 section 4.2, DLS 2.2 section 2.3). */
async function extensionOf(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(12), 0, 12, 0);
    const form = buffer.toString('latin1', 8, 12);
    if (buffer.toString('latin1', 0, 4) === 'RIFF' && form === 'sfbk') return 'sf2';
    if (buffer.toString('latin1', 0, 4) === 'RIFF' && form === 'DLS ') return 'dls';
  } finally {
    await file.close();
  }
  throw Problem.soundFontUnreadable('it is neither SF2, SF3 nor DLS');
}
