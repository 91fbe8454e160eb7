import { ACCUMULATORS, BUFFER, CUT, CUT_STEP, GAINS, GAIN_TARGETS, SENDS } from '../voice-layout';

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

/** Adds a period of a voice's sound to its part: left and right, and the sends when they are in use. */
export function mixVoice(voice: usize, signal: usize): void {
  const out = <usize>load<i32>(voice, ACCUMULATORS);
  const left = load<f32>(voice, GAINS);
  const right = load<f32>(voice, GAINS + 4);
  const cut: f32 = load<f32>(voice, CUT) * load<f32>(voice, CUT_STEP);
  store<f32>(voice, cut, CUT);
  const toLeft: f32 = load<f32>(voice, GAIN_TARGETS) * cut;
  const toRight: f32 = load<f32>(voice, GAIN_TARGETS + 4) * cut;
  if (left == toLeft && right == toRight) {
    const l = f32x4.splat(left);
    const r = f32x4.splat(right);
    for (let at: usize = 0; at < 256; at += 16) {
      const s = v128.load(signal + at);
      v128.store(out + at, f32x4.add(v128.load(out + at), f32x4.mul(s, l)));
      v128.store(out + at, f32x4.add(v128.load(out + at, 256), f32x4.mul(s, r)), 256);
    }
  } else {
    addTo(out, signal, left, toLeft);
    addTo(out + 256, signal, right, toRight);
    store<f32>(voice, toLeft, GAINS);
    store<f32>(voice, toRight, GAINS + 4);
  }
  if (!load<i32>(voice, SENDS)) return;
  const reverb = load<f32>(voice, GAINS + 8);
  const chorus = load<f32>(voice, GAINS + 12);
  const toReverb: f32 = load<f32>(voice, GAIN_TARGETS + 8) * cut;
  const toChorus: f32 = load<f32>(voice, GAIN_TARGETS + 12) * cut;
  if (reverb != 0 || toReverb != 0) addTo(out + 512, signal, reverb, toReverb);
  if (chorus != 0 || toChorus != 0) addTo(out + 768, signal, chorus, toChorus);
  store<f32>(voice, toReverb, GAINS + 8);
  store<f32>(voice, toChorus, GAINS + 12);
}
