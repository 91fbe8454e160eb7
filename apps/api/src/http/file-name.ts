import { create } from 'content-disposition';

/** Extensions of the media types that renders come in. */
const extensions: Readonly<Record<string, string>> = {
  'audio/wav': 'wav',
  'audio/flac': 'flac',
  'audio/mpeg': 'mp3',
  'audio/ogg': 'opus',
  'audio/midi': 'mid',
};

/** The extension for a media type, without a dot. */
export function extensionOf(contentType: string): string {
  return extensions[contentType.split(';')[0]!.trim()] ?? 'bin';
}

/**
 * A file name that every file system takes: the text without path separators, control, format and reserved characters,
 * at most 120 characters and 200 bytes, never empty and never starting with a dot.
 */
export function fileName(text: string | null, fallback: string, contentType: string): string {
  const clean = (text ?? '')
    .normalize('NFC')
    .replace(/[\p{C}<>:"/\\|?*]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^[. ]+/, '');
  const base = firstCharacters(clean).replace(/[. ]+$/, '');
  return `${base || fallback}.${extensionOf(contentType)}`;
}

const mostCharacters = 120;
/** Names on most disks have at most 255 bytes (NAME_MAX), and whoever saves the file may want to add some. */
const mostBytes = 200;

function firstCharacters(text: string): string {
  let bytes = 0;
  const fitting = [...text].slice(0, mostCharacters).filter((character) => {
    bytes += Buffer.byteLength(character);
    return bytes <= mostBytes;
  });
  return fitting.join('');
}

/** A Content-Disposition field (RFC 6266) whose name survives any client (RFC 8187). */
export function contentDisposition(name: string, type: 'inline' | 'attachment'): string {
  // Quoted as in the examples of RFC 6266: old clients take a bare token for part of the next parameter.
  return create(name, { type }).replace(/^(\w+; filename=)([^";\s]+)/, '$1"$2"');
}
