export { environmentSchema, readConfig, type WorkerConfig } from './config.js';
export { createWorker, type RenderWorker } from './create-worker.js';
export { WorkerMetrics } from './metrics.js';
