export { AUDIO_FORMATS, type AudioFormat } from '../audio/audio-format.js';
export type { Waveform } from '../audio/waveform.js';
export { RenderCancelledError, type RenderContext, type RenderProgress } from './render-context.js';
export { type RenderResult, renderPerformance, type StemFile } from './render-performance.js';
export type { AudioFile } from './write-audio-file.js';
