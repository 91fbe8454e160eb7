import { writeFileSync } from 'node:fs';
import { renderWithFluidSynth } from './native-fluidsynth.js';
import { reducedLevels, referenceFile } from './reference-levels.js';
import { workout, workoutFont } from './workout.js';

const lines = Object.entries(workout).map(
  ([name, make]) =>
    `${JSON.stringify(name)}:${JSON.stringify(reducedLevels(renderWithFluidSynth(workoutFont(), make().midi)))}`,
);
writeFileSync(referenceFile, `{\n${lines.join(',\n')}\n}\n`);
