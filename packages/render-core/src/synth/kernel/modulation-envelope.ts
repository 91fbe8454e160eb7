import {
  MOD_ATTACK_AT, MOD_DECAY_AT, MOD_DECAY_STEP, MOD_HOLD_AT, MOD_RELEASE_STEP, MOD_SUSTAIN, RELEASE_AT,
} from '../voice-layout';

/** Convex rise from 0 to 1 over 96 dB, of the square as in the convex source curve (SF2.04 9.5.4): 1 + 20/96 log10(x^2). */
function convex(x: f32): f32 {
  if (x <= 0.0039811) return 0.0;
  if (x >= 1.0) return 1.0;
  // log2 from the exponent and a quotient series of the mantissa; accurate to 1e-6
  const bits = reinterpret<i32>(x);
  const exponent = (bits >> 23) - 127;
  const mantissa = reinterpret<f32>((bits & 0x7fffff) | 0x3f800000);
  const t: f32 = (mantissa - <f32>1.4142135) / (mantissa + <f32>1.4142135);
  const s: f32 = t * t;
  const log2: f32 = <f32>exponent + <f32>0.5 + t * (<f32>2.885390 + s * (<f32>0.961797 + s * (<f32>0.577078 + s * <f32>0.412199)));
  return max<f32>(0.0, <f32>1.0 + log2 * <f32>0.1254292);
}

function held(voice: usize, age: i32): f32 {
  const attackAt = load<i32>(voice, MOD_ATTACK_AT);
  if (age < attackAt) return 0.0;
  const holdAt = load<i32>(voice, MOD_HOLD_AT);
  if (age < holdAt) return convex(<f32>(age - attackAt) / <f32>(holdAt - attackAt));
  const decayAt = load<i32>(voice, MOD_DECAY_AT);
  if (age < decayAt) return 1.0;
  return max<f32>(load<f32>(voice, MOD_SUSTAIN), <f32>1.0 + <f32>(age - decayAt) * load<f32>(voice, MOD_DECAY_STEP));
}

/** Level of the modulation envelope, 0 to 1, `age` frames after the onset (SF2.04 8.1.2, generators 25-32). */
export function modulationEnvelope(voice: usize, age: i32): f32 {
  const releaseAt = load<i32>(voice, RELEASE_AT);
  if (age < releaseAt) return held(voice, age);
  return max<f32>(0.0, held(voice, releaseAt) + <f32>(age - releaseAt) * load<f32>(voice, MOD_RELEASE_STEP));
}
