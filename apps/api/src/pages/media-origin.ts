import type { BlobStore } from '@musistrata/blob-store';

/**
 * Where a player that asks for audio is sent on to, for the page's policy: browsers hold redirects against it too (CSP Level 3, section 6.7.2.7).
 * Null where audio comes from this server.
 */
export async function mediaOrigin(store: BlobStore, redirects: boolean): Promise<string | null> {
  if (!redirects) return null;
  const example = await store.presign?.('outputs/any', { seconds: 60, contentType: 'audio/wav' }).catch(() => null);
  return example ? new URL(example).origin : null;
}
