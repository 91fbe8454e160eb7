export { AUDIO_FORMATS, type AudioFormat, outputSampleRate } from '../audio/audio-format.js';
export type { Waveform } from '../audio/waveform.js';
export { RenderCancelledError, type RenderContext, type RenderProgress } from './render-context.js';
export { estimateRender, type RenderEstimate } from './render-estimate.js';
export { type OptionFault, renderFaults } from './render-faults.js';
export { type RenderResult, renderPerformance, type StemFile } from './render-performance.js';
export type { AudioFile } from './write-audio-file.js';
