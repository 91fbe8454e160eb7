const { floor, fround } = Math;

const SIZE = 4096;
const MASK = SIZE - 1;
/** Enough for 21.5 Hz at 44.1 kHz; lower notes lack what lies above 1024 times their frequency. */
const MOST_HARMONICS = 1024;

/** Amplitude of a harmonic's sine (numbers from 1); the wave has a zero crossing at phase 0. */
type Spectrum = (harmonic: number) => number;

/**
 * One period of a wave at growing numbers of harmonics. A lookup takes the two tables that hold no harmonic above half the sample rate
 * and fades between them, so that nothing aliases and nothing jumps when the pitch glides.
 */
export class Wavetable {
  private readonly harmonics: number[] = [0];
  private readonly tables: Float32Array[] = [new Float32Array(SIZE)];
  private increment = Number.NaN;
  private level = 0;
  private fade = 0;

  constructor(spectrum: Spectrum) {
    const wave = new Float64Array(SIZE);
    let done = 0;
    for (let count = 1; count <= MOST_HARMONICS; count = Math.max(count + 1, Math.round(count * Math.SQRT2))) {
      for (let harmonic = done + 1; harmonic <= count; harmonic++) {
        const amplitude = spectrum(harmonic);
        if (amplitude === 0) continue;
        for (let i = 0; i < SIZE; i++) wave[i]! += amplitude * SINE[(harmonic * i) & MASK]!;
      }
      done = count;
      this.harmonics.push(count);
      this.tables.push(Float32Array.from(wave));
    }
  }

  /** The wave at a phase in periods, for a phase that moves by `increment` periods per frame. */
  at(phase: number, increment: number): number {
    const rounded = fround(increment);
    if (rounded !== this.increment) this.select(rounded);
    const position = (phase - floor(phase)) * SIZE;
    const index = floor(position);
    const fraction = position - index;
    const high = this.tables[this.level]!;
    const value = interpolate(high, index, fraction);
    if (this.fade >= 1 || this.level === 0) return value;
    const low = interpolate(this.tables[this.level - 1]!, index, fraction);
    return low + (value - low) * this.fade;
  }

  private select(increment: number): void {
    const { harmonics } = this;
    const allowed = 0.5 / Math.abs(increment);
    let level = this.level;
    while (level > 0 && harmonics[level]! > allowed) level--;
    while (level + 1 < harmonics.length && harmonics[level + 1]! <= allowed) level++;
    this.increment = increment;
    this.level = level;
    const next = harmonics[level + 1];
    this.fade = next === undefined ? 1 : (allowed - harmonics[level]!) / (next - harmonics[level]!);
  }
}

const SINE = Float64Array.from({ length: SIZE }, (_, index) => Math.sin((2 * Math.PI * index) / SIZE));

/** Four-point third-order Hermite. */
function interpolate(table: Float32Array, index: number, fraction: number): number {
  const before = table[(index - 1) & MASK]!;
  const a = table[index & MASK]!;
  const b = table[(index + 1) & MASK]!;
  const after = table[(index + 2) & MASK]!;
  const slope = 0.5 * (b - before);
  const bend = before - 2.5 * a + 2 * b - 0.5 * after;
  const twist = 0.5 * (after - before) + 1.5 * (a - b);
  return ((twist * fraction + bend) * fraction + slope) * fraction + a;
}

let saw: Wavetable | null = null;
let triangle: Wavetable | null = null;

/** Rises from -1 to 1 with its jump half a period after phase 0. */
export function sawTable(): Wavetable {
  saw ??= new Wavetable((n) => ((n % 2 === 1 ? 1 : -1) * 2) / (Math.PI * n));
  return saw;
}

/** Zero and rising at phase 0, 1 a quarter period later. */
export function triangleTable(): Wavetable {
  triangle ??= new Wavetable((n) => (n % 2 === 0 ? 0 : ((n % 4 === 1 ? 1 : -1) * 8) / (Math.PI * n) ** 2));
  return triangle;
}
