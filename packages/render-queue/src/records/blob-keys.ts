/**
 * Where everything lives in the blob store. An unfinished render has a record under `renders/open/`, a finished one under `renders/ended/`:
 * to find what is unfinished, recovery lists one short folder.
 */
export const blobKeys = {
  /** Bytes of a score, named by their SHA-256. */
  score: (sha256: string): string => `scores/${sha256.slice(0, 2)}/${sha256}`,
  scores: 'scores/',
  open: (id: string): string => `renders/open/${id}.json`,
  opens: 'renders/open/',
  ended: (id: string): string => `renders/ended/${id}.json`,
  endeds: 'renders/ended/',
  /** Remembers for a while that there was a render: its age is its modification time. */
  gone: (id: string): string => `renders/gone/${id}`,
  gones: 'renders/gone/',
  /** Files of one content; `name` is made by the station, never by a client. */
  output: (content: string, name: string): string => `outputs/${content}/${name}`,
  manifest: (content: string): string => `outputs/${content}/manifest.json`,
  outputs: 'outputs/',
} as const;

/** The render id in a key under `renders/`. */
export function renderIdOf(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1).replace(/\.json$/, '');
}
