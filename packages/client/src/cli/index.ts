export { ProgressLine, type Terminal } from './progress-line.js';
export { run, type Surroundings } from './run.js';
