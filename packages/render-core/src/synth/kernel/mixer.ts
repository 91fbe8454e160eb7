import { ACCUMULATORS, CUT, CUT_STEP, GAINS, GAIN_TARGETS } from '../voice-layout';

/** Adds one period of a mono signal to an accumulator with a gain that runs straight from one value to another. */
// @ts-ignore: decorator
@inline
function addTo(out: usize, signal: usize, from: f32, to: f32): void {
  if (from == to) {
    const gain = f32x4.splat(to);
    for (let at: usize = 0; at < 256; at += 16) {
      v128.store(out + at, f32x4.add(v128.load(out + at), f32x4.mul(v128.load(signal + at), gain)));
    }
    return;
  }
  const step: f32 = (to - from) * <f32>(1.0 / 64.0);
  let gain = f32x4.add(f32x4.splat(from), f32x4.mul(f32x4.splat(step), f32x4(1, 2, 3, 4)));
  const step4 = f32x4.splat(step * 4);
  for (let at: usize = 0; at < 256; at += 16) {
    v128.store(out + at, f32x4.add(v128.load(out + at), f32x4.mul(v128.load(signal + at), gain)));
    gain = f32x4.add(gain, step4);
  }
}

/** Left and right at once; the usual case, in which gains stand still. */
function addStereo(out: usize, signal: usize, left: f32, right: f32): void {
  const l = f32x4.splat(left);
  const r = f32x4.splat(right);
  for (let at: usize = 0; at < 256; at += 16) {
    const s = v128.load(signal + at);
    v128.store(out + at, f32x4.add(v128.load(out + at), f32x4.mul(s, l)));
    v128.store(out + at, f32x4.add(v128.load(out + at, 256), f32x4.mul(s, r)), 256);
  }
}

/** Left, right and the reverb send. */
function addStereoAndReverb(out: usize, signal: usize, left: f32, right: f32, reverb: f32): void {
  const l = f32x4.splat(left);
  const r = f32x4.splat(right);
  const w = f32x4.splat(reverb);
  for (let at: usize = 0; at < 256; at += 16) {
    const s = v128.load(signal + at);
    v128.store(out + at, f32x4.add(v128.load(out + at), f32x4.mul(s, l)));
    v128.store(out + at, f32x4.add(v128.load(out + at, 256), f32x4.mul(s, r)), 256);
    v128.store(out + at, f32x4.add(v128.load(out + at, 512), f32x4.mul(s, w)), 512);
  }
}

/** Adds a period of a voice's sound to its part: left and right, and the sends when they are in use. */
export function mixVoice(voice: usize, signal: usize): void {
  const out = <usize>load<i32>(voice, ACCUMULATORS);
  const cut: f32 = load<f32>(voice, CUT) * load<f32>(voice, CUT_STEP);
  store<f32>(voice, cut, CUT);
  const reached = v128.load(voice, GAINS);
  const wanted = f32x4.mul(v128.load(voice, GAIN_TARGETS), f32x4.splat(cut));
  const left = f32x4.extract_lane(wanted, 0);
  const right = f32x4.extract_lane(wanted, 1);
  const reverb = f32x4.extract_lane(wanted, 2);
  const chorus = f32x4.extract_lane(wanted, 3);
  if (!v128.any_true(v128.xor(reached, wanted))) {
    if (reverb != 0) addStereoAndReverb(out, signal, left, right, reverb);
    else addStereo(out, signal, left, right);
    if (chorus != 0) addTo(out + 768, signal, chorus, chorus);
    return;
  }
  addTo(out, signal, f32x4.extract_lane(reached, 0), left);
  addTo(out + 256, signal, f32x4.extract_lane(reached, 1), right);
  addTo(out + 512, signal, f32x4.extract_lane(reached, 2), reverb);
  addTo(out + 768, signal, f32x4.extract_lane(reached, 3), chorus);
  v128.store(voice, wanted, GAINS);
}
