/** Whole numbers as doubles; `out` has room for whole vectors, and so have the samples. */
export function widen(samples: usize, out: usize, count: i32): void {
  for (let i: i32 = 0; i < count; i += 4, samples += 16, out += 32) {
    const x = v128.load(samples);
    v128.store(out, f64x2.convert_low_i32x4_s(x));
    v128.store(out, f64x2.convert_low_i32x4_s(v128.shuffle<i64>(x, x, 1, 0)), 16);
  }
}

/** Products of doubles and a window. The last one is followed by a zero. */
export function applyWindow(wide: usize, window: usize, out: usize, count: i32): void {
  const end = out + (<usize>count << 3);
  for (; out < end; out += 16, wide += 16, window += 16) v128.store(out, f64x2.mul(v128.load(wide), v128.load(window)));
  store<f64>(end, 0);
}

/** Products of the signal with itself six lags in a row, added up pair by pair. */
function lags(signal: usize, end: usize, lag: i32, out: usize): void {
  const back = <usize>lag << 3;
  let a = f64x2.splat(0);
  let b = a;
  let c = a;
  let d = a;
  let e = a;
  let f = a;
  for (let at = signal; at < end; at += 16) {
    const x = v128.load(at);
    const past = at - back;
    a = f64x2.add(a, f64x2.mul(x, v128.load(past)));
    b = f64x2.add(b, f64x2.mul(x, v128.load(past - 8)));
    c = f64x2.add(c, f64x2.mul(x, v128.load(past - 16)));
    d = f64x2.add(d, f64x2.mul(x, v128.load(past - 24)));
    e = f64x2.add(e, f64x2.mul(x, v128.load(past - 32)));
    f = f64x2.add(f, f64x2.mul(x, v128.load(past - 40)));
  }
  store<f64>(out, f64x2.extract_lane(a, 0) + f64x2.extract_lane(a, 1));
  store<f64>(out, f64x2.extract_lane(b, 0) + f64x2.extract_lane(b, 1), 8);
  store<f64>(out, f64x2.extract_lane(c, 0) + f64x2.extract_lane(c, 1), 16);
  store<f64>(out, f64x2.extract_lane(d, 0) + f64x2.extract_lane(d, 1), 24);
  store<f64>(out, f64x2.extract_lane(e, 0) + f64x2.extract_lane(e, 1), 32);
  store<f64>(out, f64x2.extract_lane(f, 0) + f64x2.extract_lane(f, 1), 40);
}

/** Autocorrelation of `count` doubles at lags 0 to 11. Twelve zeros stand before them, one behind. */
export function autocorrelate(signal: usize, count: i32, out: usize): void {
  const end = signal + (<usize>count << 3);
  lags(signal, end, 0, out);
  lags(signal, end, 6, out + 48);
}

/** Prediction of one sample by `order` coefficients, that of the last sample first. */
function predict(at: usize, coefficients: usize, order: i32): f64 {
  let sum: f64 = 0;
  for (let k: i32 = 0; k < order; k++, coefficients += 8) {
    at -= 8;
    sum += load<f64>(coefficients) * load<f64>(at);
  }
  return sum;
}

/**
 * What linear prediction leaves of samples, given as doubles, the first `order` of them aside; both have room for eight more. Products of 15 and 25
 * bits summed up are exact in doubles. Returns the largest magnitude, so that the caller can refuse what does not fit into 32 bits.
 */
export function linearResidual(wide: usize, out: usize, count: i32, order: i32, coefficients: usize, shift: i32): f64 {
  const scale = f64x2.splat(1.0 / <f64>(1 << shift));
  let most = f64x2.splat(0);
  let i = order;
  for (; i + 8 <= count; i += 8) {
    const at = wide + (<usize>i << 3);
    let a = f64x2.splat(0);
    let b = a;
    let c = a;
    let d = a;
    let past = at - 8;
    for (let k = coefficients; k < coefficients + (<usize>order << 3); k += 8, past -= 8) {
      const coefficient = v128.load64_splat(k);
      a = f64x2.add(a, f64x2.mul(coefficient, v128.load(past)));
      b = f64x2.add(b, f64x2.mul(coefficient, v128.load(past, 16)));
      c = f64x2.add(c, f64x2.mul(coefficient, v128.load(past, 32)));
      d = f64x2.add(d, f64x2.mul(coefficient, v128.load(past, 48)));
    }
    a = f64x2.sub(v128.load(at), f64x2.floor(f64x2.mul(a, scale)));
    b = f64x2.sub(v128.load(at, 16), f64x2.floor(f64x2.mul(b, scale)));
    c = f64x2.sub(v128.load(at, 32), f64x2.floor(f64x2.mul(c, scale)));
    d = f64x2.sub(v128.load(at, 48), f64x2.floor(f64x2.mul(d, scale)));
    most = f64x2.pmax(most, f64x2.pmax(f64x2.pmax(f64x2.abs(a), f64x2.abs(b)), f64x2.pmax(f64x2.abs(c), f64x2.abs(d))));
    const to = out + (<usize>i << 2);
    v128.store(to, v128.shuffle<i64>(i32x4.trunc_sat_f64x2_s_zero(a), i32x4.trunc_sat_f64x2_s_zero(b), 0, 2));
    v128.store(to, v128.shuffle<i64>(i32x4.trunc_sat_f64x2_s_zero(c), i32x4.trunc_sat_f64x2_s_zero(d), 0, 2), 16);
  }
  for (; i < count; i++) {
    const at = wide + (<usize>i << 3);
    const left = load<f64>(at) - floor(predict(at, coefficients, order) / <f64>(1 << shift));
    most = f64x2.pmax(most, f64x2.splat(abs<f64>(left)));
    store<i32>(out + (<usize>i << 2), <i32>left);
  }
  return max<f64>(f64x2.extract_lane(most, 0), f64x2.extract_lane(most, 1));
}
