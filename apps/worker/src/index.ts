export { environmentSchema, readConfig, type WorkerConfig } from './config.js';
export { coreRunner } from './core-runner.js';
export { createWorker, type RenderWorker } from './create-worker.js';
export { WorkerMetrics } from './metrics.js';
