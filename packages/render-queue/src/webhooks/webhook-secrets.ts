import { randomBytes } from 'node:crypto';
import type { BlobStore } from '@musistrata/blob-store';

const key = 'settings/webhook-secrets.json';

/**
 * The secrets that sign webhooks: those of the configuration, or one that was made by chance and lies in the storage, so that a new installation
 * signs from its first webhook on.
 */
export async function webhookSecrets(store: BlobStore, configured: readonly string[]): Promise<readonly string[]> {
  if (configured.length > 0) return configured;
  const stored = await store.get(key);
  if (stored) return JSON.parse(stored.toString('utf8')) as string[];
  await store.put(key, Buffer.from(JSON.stringify([`whsec_${randomBytes(32).toString('base64')}`])));
  // Of two processes that made one at the same time, both go on with the one that stayed.
  return webhookSecrets(store, []);
}
