export { findEmbeddedRedis, startEmbeddedRedis } from './embedded-redis.js';
export { findRedis, useRedisUrl } from './find-redis.js';
export { probeRedis, type ServerFacts } from './probe.js';
export { findRedisServer, freePort, startRedisServer } from './redis-server.js';
export { FolderInUseError, NoRedisError, type RunningRedis } from './running-redis.js';
