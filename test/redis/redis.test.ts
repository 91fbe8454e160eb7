import { describe, expect, test } from '@jest/globals';
import { useTestRedis } from './test-redis.js';

const redis = useTestRedis('redis');

describe('the Redis of the tests', () => {
  test('is the one that the run announced', async () => {
    const info = await redis.client.info('server');
    expect(info).toMatch(/redis_version:\d+\.\d+/);
    // Set in CI, so that a job for one backend cannot go green on another.
    expect(process.env.TEST_REDIS_BACKEND).toBe(process.env.EXPECT_REDIS_BACKEND ?? process.env.TEST_REDIS_BACKEND);
  });
});
