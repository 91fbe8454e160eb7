type Signal = Float32Array | Float64Array;

export function decibels(ratio: number): number {
  return 20 * Math.log10(ratio);
}

export function cents(ratio: number): number {
  return 1200 * Math.log2(ratio);
}

export function peak(signal: Signal, from = 0, to = signal.length): number {
  let most = 0;
  const end = Math.round(to);
  for (let i = Math.round(from); i < end; i++) {
    const value = signal[i]!;
    if (value > most || -value > most || Number.isNaN(value)) most = value < 0 ? -value : value;
  }
  return most;
}

export function rms(signal: Signal, from = 0, to = signal.length): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += signal[i]! ** 2;
  return Math.sqrt(sum / (to - from));
}

/** Whether two signals have the same bits. */
export function identical(a: Signal, b: Signal): boolean {
  return Buffer.from(a.buffer, a.byteOffset, a.byteLength).equals(Buffer.from(b.buffer, b.byteOffset, b.byteLength));
}

/** First frame that is not exactly 0. */
export function firstSound(signal: Signal): number {
  return signal.findIndex((value) => value !== 0);
}

export function lastSound(signal: Signal): number {
  return signal.findLastIndex((value) => value !== 0);
}

/** The largest step between neighbouring frames. */
export function steepest(signal: Signal, from = 0, to = signal.length): number {
  let most = 0;
  for (let i = Math.max(1, from); i < to; i++) {
    const step = signal[i]! - signal[i - 1]!;
    if (step > most || -step > most) most = step < 0 ? -step : step;
  }
  return most;
}

/** Four-term Blackman-Harris window (side lobes at -92 dB), scaled so that a sine keeps its amplitude. */
function windowed(signal: Signal): Float64Array {
  const { cos, PI } = Math;
  const n = signal.length;
  const out = new Float64Array(n);
  let weight = 0;
  for (let i = 0; i < n; i++) {
    const x = (2 * PI * i) / n;
    const window = 0.35875 - 0.48829 * cos(x) + 0.14128 * cos(2 * x) - 0.01168 * cos(3 * x);
    out[i] = signal[i]! * window;
    weight += window / 2;
  }
  for (let i = 0; i < n; i++) out[i]! /= weight;
  return out;
}

/** Magnitude of the discrete-time Fourier transform at one frequency (Goertzel's recurrence). */
function magnitude(signal: Float64Array, frequency: number, sampleRate: number): number {
  const angle = (2 * Math.PI * frequency) / sampleRate;
  const factor = 2 * Math.cos(angle);
  let last = 0;
  let before = 0;
  for (let i = 0; i < signal.length; i++) {
    const next = signal[i]! + factor * last - before;
    before = last;
    last = next;
  }
  return Math.sqrt(Math.max(0, last * last + before * before - factor * last * before));
}

/** Amplitude of the sine at a frequency. */
export function amplitudeAt(signal: Signal, frequency: number, sampleRate: number): number {
  return magnitude(windowed(signal), frequency, sampleRate);
}

/** Frequency of the strongest partial within 60 cents of the expected one, by golden-section search. */
export function pitchNear(signal: Signal, expected: number, sampleRate: number): number {
  const shaped = windowed(signal);
  const golden = (Math.sqrt(5) - 1) / 2;
  let low = expected * 2 ** (-60 / 1200);
  let high = expected * 2 ** (60 / 1200);
  while (high - low > expected * 1e-6) {
    const a = high - golden * (high - low);
    const b = low + golden * (high - low);
    if (magnitude(shaped, a, sampleRate) > magnitude(shaped, b, sampleRate)) high = b;
    else low = a;
  }
  return (low + high) / 2;
}

/** Magnitudes of the partials of a windowed stretch, one per bin of sampleRate / length; the length must be a power of two. */
export function spectrum(signal: Signal): Float64Array {
  const n = signal.length;
  const real = windowed(signal);
  const imaginary = new Float64Array(n);
  transform(real, imaginary);
  return Float64Array.from({ length: n / 2 }, (_, bin) => Math.hypot(real[bin]!, imaginary[bin]!));
}

/** Radix-2 fast Fourier transform in place, of a real signal (the imaginary part starts at 0). */
function transform(real: Float64Array, imaginary: Float64Array): void {
  const n = real.length;
  for (let i = 1, j = 0; i < n; i++) {
    let bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      const value = real[i]!;
      real[i] = real[j]!;
      real[j] = value;
    }
  }
  for (let size = 2; size <= n; size *= 2) {
    for (let k = 0; k < size / 2; k++) {
      const angle = (-2 * Math.PI * k) / size;
      const cosine = Math.cos(angle);
      const sine = Math.sin(angle);
      for (let i = k; i < n; i += size) {
        const j = i + size / 2;
        const re = real[j]! * cosine - imaginary[j]! * sine;
        const im = real[j]! * sine + imaginary[j]! * cosine;
        real[j] = real[i]! - re;
        imaginary[j] = imaginary[i]! - im;
        real[i]! += re;
        imaginary[i]! += im;
      }
    }
  }
}

/** The strongest component that is not within three bins of any of the given frequencies, relative to the strongest of all, in dB. */
export function strongestElse(signal: Signal, frequencies: readonly number[], sampleRate: number): number {
  const magnitudes = spectrum(signal);
  const width = sampleRate / signal.length;
  const wanted = new Set(
    frequencies.flatMap((frequency) => {
      const bin = Math.round(frequency / width);
      return Array.from({ length: 13 }, (_, index) => bin - 6 + index);
    }),
  );
  let most = 0;
  let other = 0;
  magnitudes.forEach((magnitude, bin) => {
    most = Math.max(most, magnitude);
    if (bin > 6 && !wanted.has(bin)) other = Math.max(other, magnitude);
  });
  return decibels(other / most);
}

/** Reproducible numbers in 0-1 (mulberry32), for mutations. */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let x = Math.imul(state ^ (state >>> 15), 1 | state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 4294967296;
  };
}
