export type * from './instruments/resolved-part.js';
export type * from './instruments/sound-source.js';
export { type Effect, effectSchema } from './options/effect-options.js';
export { type PartOptions, partOptionsSchema } from './options/part-options.js';
export { type RenderOptions, type RenderOptionsInput, renderOptionsSchema } from './options/render-options.js';
export * from './score/general-midi.js';
export * from './score/names.js';
export type * from './score/performance.js';
export * from './score/tempo-map.js';
