import { audible } from './effects/section';

/**
 * Filters `count` frames of two channels with both sections of K-weighting (BS.1770-4 annex 1) and adds up their energy.
 * `state` holds, as pairs of doubles: b0, b1, b2, -a1, -a2 of the shelf, -a1, -a2 of the high-pass (b = 1, -2, 1), the memories
 * of both, and the energy of either channel.
 */
export function weigh(state: usize, left: usize, right: usize, count: i32): void {
  const b0 = v128.load(state);
  const b1 = v128.load(state, 16);
  const b2 = v128.load(state, 32);
  const a1 = v128.load(state, 48);
  const a2 = v128.load(state, 64);
  const c1 = v128.load(state, 80);
  const c2 = v128.load(state, 96);
  let s1 = v128.load(state, 112);
  let s2 = v128.load(state, 128);
  let t1 = v128.load(state, 144);
  let t2 = v128.load(state, 160);
  let energy = v128.load(state, 176);
  const end = left + (<usize>count << 2);
  for (; left < end; left += 4, right += 4) {
    const x = f64x2.promote_low_f32x4(v128.load_lane<f32>(right, v128.load_zero<f32>(left), 1));
    const shelved = f64x2.add(f64x2.mul(b0, x), s1);
    s1 = f64x2.add(f64x2.add(f64x2.mul(b1, x), s2), f64x2.mul(a1, shelved));
    s2 = f64x2.add(f64x2.mul(b2, x), f64x2.mul(a2, shelved));
    const weighted = f64x2.add(shelved, t1);
    t1 = f64x2.add(f64x2.sub(t2, f64x2.add(shelved, shelved)), f64x2.mul(c1, weighted));
    t2 = f64x2.add(shelved, f64x2.mul(c2, weighted));
    energy = f64x2.add(energy, f64x2.mul(weighted, weighted));
  }
  v128.store(state, audible(s1), 112);
  v128.store(state, audible(s2), 128);
  v128.store(state, audible(t1), 144);
  v128.store(state, audible(t2), 160);
  v128.store(state, energy, 176);
}
