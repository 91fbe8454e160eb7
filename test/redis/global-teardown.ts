import { Redis } from 'ioredis';
import { running } from './running.js';

/** Runs once after all test files: whatever they left in Redis is a mistake. */
export default async function globalTeardown(): Promise<void> {
  const { redis } = running;
  if (!redis) return;
  try {
    // Somebody else's server may hold other people's keys.
    if (redis.backend !== 'url') await expectEmpty(redis.url);
  } finally {
    await redis.stop();
  }
}

async function expectEmpty(url: string): Promise<void> {
  const client = new Redis(url);
  try {
    const [, keys] = await client.scan(0, 'COUNT', 100);
    if (keys.length > 0) throw new Error(`Tests left keys in Redis: ${keys.slice(0, 10).join(', ')}`);
  } finally {
    client.disconnect();
  }
}
