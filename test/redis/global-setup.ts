import { chooseRedis } from './choose-redis.js';
import { running } from './running.js';

/** Runs once before all test files; their processes inherit the environment. */
export default async function globalSetup(): Promise<void> {
  const redis = await chooseRedis(process.env);
  running.redis = redis;
  process.env.TEST_REDIS_URL = redis.url;
  process.env.TEST_REDIS_BACKEND = redis.backend;
  process.stdout.write(`\n[redis] backend=${redis.backend} server="${redis.description}" (${redis.why})\n`);
}
