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
 * at most 120 characters, never empty and never starting with a dot.
 */
export function fileName(text: string | null, fallback: string, contentType: string): string {
  const clean = (text ?? '')
    .normalize('NFC')
    .replace(/[\p{C}<>:"/\\|?*]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^[. ]+/, '');
  const base = [...clean]
    .slice(0, 120)
    .join('')
    .replace(/[. ]+$/, '');
  return `${base || fallback}.${extensionOf(contentType)}`;
}

/** A Content-Disposition field (RFC 6266) whose name survives any client (RFC 8187). */
export function contentDisposition(name: string, type: 'inline' | 'attachment'): string {
  // Quoted as in the examples of RFC 6266: old clients take a bare token for part of the next parameter.
  return create(name, { type }).replace(/filename=([^";\s]+)/, 'filename="$1"');
}
