import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StereoSound } from './stereo-sound.js';

/** Debian's package timgm6mb-soundfont. */
export const TIM_GM = '/usr/share/sounds/sf2/TimGM6mb.sf2';
const SAMPLE_RATE = 44100;

/** Whether FluidSynth and its small font are here. On CI they have to be: .ci/run installs them. */
export function fluidSynthIsInstalled(): boolean {
  const missing = spawnSync('fluidsynth', ['--version']).error !== undefined || !existsSync(TIM_GM);
  if (missing && process.env.CI === 'true') throw new Error('fluidsynth and timgm6mb-soundfont are not installed');
  return !missing;
}

/** Renders a Standard MIDI File of one tempo with the native FluidSynth as it comes (gain 0.2, 4th-order), without effects, at 44.1 kHz. */
export function renderWithFluidSynth(font: Uint8Array | string, midi: Uint8Array): StereoSound {
  const folder = mkdtempSync(join(tmpdir(), 'fluidsynth-'));
  try {
    const fontFile = typeof font === 'string' ? font : join(folder, 'font.sf2');
    if (typeof font !== 'string') writeFileSync(fontFile, font);
    writeFileSync(join(folder, 'score.mid'), midi);
    const sound = join(folder, 'sound.raw');
    const settings = ['synth.polyphony=4096', 'synth.reverb.active=0', 'synth.chorus.active=0', 'synth.lock-memory=0'];
    const run = spawnSync(
      'fluidsynth',
      [
        ...['-n', '-i', '-q', '-g', '0.2', '-r', `${SAMPLE_RATE}`, '-T', 'raw', '-O', 'float', '-E', 'little'],
        ...settings.flatMap((setting) => ['-o', setting]),
        ...['-F', sound, fontFile, join(folder, 'score.mid')],
      ],
      { encoding: 'utf8' },
    );
    if (run.status !== 0) throw new Error(`fluidsynth failed: ${run.stdout}${run.stderr}`);
    return deinterleave(readFileSync(sound));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function deinterleave(bytes: Buffer): StereoSound {
  const frames = Math.floor(bytes.length / 8);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const left = new Float32Array(frames);
  const right = new Float32Array(frames);
  for (let i = 0; i < frames; i++) {
    left[i] = view.getFloat32(i * 8, true);
    right[i] = view.getFloat32(i * 8 + 4, true);
  }
  return { left, right };
}
