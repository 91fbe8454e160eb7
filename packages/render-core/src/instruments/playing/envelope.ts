/** Times in seconds; levels 0-1. */
export interface EnvelopeShape {
  /** Fades every note in, whatever the rest of the envelope does: against clicks. */
  readonly rampSeconds: number;
  readonly delaySeconds: number;
  /** From silence to full level, linear. */
  readonly attackSeconds: number;
  readonly holdSeconds: number;
  /** From full level towards the sustain level, exponential: the distance falls by 78 dB (e^-9) in this time. */
  readonly decaySeconds: number;
  readonly sustain: number;
  /** After the key is let go: a straight line to silence, or an exponential that falls by 78 dB in this time. */
  readonly releaseSeconds: number;
  readonly releaseCurve: 'linear' | 'exponential';
}

/** The shortest straight release: none at all would click. */
const SHORTEST_RELEASE_SECONDS = 0.001;

/** Seconds in which a voice that is cut fades to silence. */
export const CUT_SECONDS = 0.004;

const EXPONENT = 9;
/** -100 dB: where an exponential counts as silence. */
const SILENCE = 1e-5;

const DELAY = 0;
const ATTACK = 1;
const HOLD = 2;
const DECAY = 3;
const SUSTAIN = 4;
const RELEASE = 5;
const DONE = 6;

/** Amplitude of one voice over time. Values are the same however a stretch is divided into calls. */
export class Envelope {
  finished = true;
  private shape!: EnvelopeShape;
  private sampleRate = 0;
  private stage = DONE;
  private stageFrame = 0;
  private stageLength = 0;
  private level = 0;
  /** Level at which the present stage began. */
  private from = 0;
  private factor = 0;
  private age = 0;
  private rampLength = 0;
  private untilRelease = 0;
  private untilCut = 0;
  private cutFrame = 0;
  private cutLength = 0;

  /** Frames until the release and until the cut count from the first frame; Infinity when they never come. */
  start(shape: EnvelopeShape, sampleRate: number, untilRelease: number, untilCut: number): void {
    this.shape = shape;
    this.sampleRate = sampleRate;
    this.untilRelease = untilRelease;
    this.untilCut = untilCut;
    this.cutLength = Math.max(1, Math.round(CUT_SECONDS * sampleRate));
    this.cutFrame = 0;
    this.age = 0;
    this.rampLength = Math.round(shape.rampSeconds * sampleRate);
    this.finished = false;
    this.level = 0;
    this.enter(DELAY);
  }

  /** Fades to silence at once. */
  cut(): void {
    this.untilCut = 0;
  }

  /** Lets the key go at once. */
  release(): void {
    if (this.untilRelease > 0) this.untilRelease = 0;
  }

  /** Writes the next `frames` values to the start of `out`. */
  fill(out: Float64Array, frames: number): void {
    let done = 0;
    while (done < frames) {
      if (this.untilRelease <= 0 && this.stage < RELEASE) this.enter(RELEASE);
      const left = this.stageLength - this.stageFrame;
      let run = Math.min(frames - done, left);
      if (this.stage < RELEASE) run = Math.min(run, this.untilRelease);
      this.fillStage(out, done, run);
      done += run;
      this.untilRelease -= run;
      this.stageFrame += run;
      if (this.stageFrame >= this.stageLength) this.enter(this.stage + 1);
    }
    if (this.age < this.rampLength) this.fillRamp(out, frames);
    this.age += frames;
    if (this.untilCut < frames) this.fillCut(out, frames);
    this.untilCut -= frames;
    if (this.stage === DONE) this.finished = true;
  }

  private fillStage(out: Float64Array, at: number, run: number): void {
    const end = at + run;
    switch (this.stage) {
      case ATTACK: {
        const step = 1 / this.stageLength;
        for (let i = at, frame = this.stageFrame; i < end; i++) out[i] = this.level = ++frame * step;
        break;
      }
      case DECAY: {
        const { factor } = this;
        const { sustain } = this.shape;
        let above = this.level - sustain;
        for (let i = at; i < end; i++) {
          above *= factor;
          out[i] = sustain + above;
        }
        this.level = sustain + above;
        break;
      }
      case RELEASE:
        if (this.shape.releaseCurve === 'linear') {
          const length = this.stageLength;
          for (let i = at, frame = this.stageFrame; i < end; i++) {
            out[i] = this.level = (this.from * (length - ++frame)) / length;
          }
        } else {
          let level = this.level;
          for (let i = at; i < end; i++) out[i] = level *= this.factor;
          this.level = level;
        }
        break;
      default:
        out.fill(this.level, at, end);
    }
  }

  /** Goes to a stage, or past it to the next that has a length. */
  private enter(stage: number): void {
    const { shape, sampleRate } = this;
    this.stage = stage;
    this.stageFrame = 0;
    this.from = this.level;
    switch (stage) {
      case DELAY:
        this.level = 0;
        this.stageLength = Math.round(shape.delaySeconds * sampleRate);
        break;
      case ATTACK:
        this.stageLength = Math.round(shape.attackSeconds * sampleRate);
        break;
      case HOLD:
        this.level = 1;
        this.stageLength = Math.round(shape.holdSeconds * sampleRate);
        break;
      case DECAY: {
        const frames = shape.sustain < 1 ? shape.decaySeconds * sampleRate : 0;
        this.factor = frames > 0 ? Math.exp(-EXPONENT / frames) : 0;
        this.stageLength = frames > 0 ? Math.ceil(framesToSilence(1 - shape.sustain, frames)) : 0;
        break;
      }
      case SUSTAIN:
        this.level = shape.sustain;
        this.stageLength = shape.sustain > 0 ? Number.POSITIVE_INFINITY : 0;
        break;
      case RELEASE: {
        const frames = Math.round(shape.releaseSeconds * sampleRate);
        if (this.untilRelease > 0 || this.level <= 0) {
          this.stageLength = 0;
        } else if (shape.releaseCurve === 'linear') {
          this.stageLength = Math.max(1, Math.round(SHORTEST_RELEASE_SECONDS * sampleRate), frames);
        } else {
          this.factor = frames > 0 ? Math.exp(-EXPONENT / frames) : 0;
          this.stageLength = Math.max(1, Math.ceil(framesToSilence(this.level, frames)));
        }
        break;
      }
      default:
        this.stage = DONE;
        this.level = 0;
        this.stageLength = Number.POSITIVE_INFINITY;
        return;
    }
    if (this.stageLength === 0) {
      // A key let go on the very first frame still strikes: instruments without an attack start from full level.
      this.enter(stage + 1);
    }
  }

  private fillRamp(out: Float64Array, frames: number): void {
    const end = Math.min(frames, this.rampLength - this.age);
    for (let i = 0; i < end; i++) out[i]! *= (this.age + i + 1) / (this.rampLength + 1);
  }

  private fillCut(out: Float64Array, frames: number): void {
    for (let i = Math.max(0, this.untilCut); i < frames; i++) {
      this.cutFrame++;
      out[i]! *= Math.max(0, 1 - this.cutFrame / this.cutLength);
    }
    if (this.cutFrame >= this.cutLength) this.finished = true;
  }
}

function framesToSilence(distance: number, frames: number): number {
  return distance <= SILENCE ? 1 : (Math.log(distance / SILENCE) / EXPONENT) * frames;
}
