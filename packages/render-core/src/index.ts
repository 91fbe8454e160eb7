export type * from './instruments/sound-source.js';
export type * from './score/performance.js';
export * from './score/tempo-map.js';
