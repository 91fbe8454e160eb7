const LINES = 8;
/** Delays at room size 0.5, in seconds: no common divisors, so that echoes do not pile up. */
const DELAYS = [0.0297, 0.0331, 0.0371, 0.0411, 0.0453, 0.0497, 0.0543, 0.0599];
const LEFT_SIGNS = [1, -1, 1, -1, 1, -1, 1, -1];
const RIGHT_SIGNS = [1, 1, -1, -1, 1, 1, -1, -1];

export interface RoomSettings {
  /** 0-1: reverberation time from 0.3 to 8 seconds. */
  readonly roomSize: number;
  /** 0-1: how much sooner the high frequencies die away. */
  readonly damping: number;
  /** 0 mono to 1 wide. */
  readonly width: number;
}

/** Seconds in which the reverb of a room decays by 60 dB. */
export function reverberationSeconds(roomSize: number): number {
  return 0.3 * (8 / 0.3) ** roomSize;
}

/** Feedback delay network of eight lines and a Householder matrix (Jot 1991): every line hears all others, none loses energy but by its own decay. */
export class DelayNetwork {
  private readonly lines: Float32Array[];
  private readonly decays: Float64Array;
  private readonly positions = new Int32Array(LINES);
  private readonly lowPasses = new Float64Array(LINES);
  private readonly outputs = new Float64Array(LINES);
  private readonly damping: number;
  private readonly same: number;
  private readonly other: number;

  constructor(sampleRate: number, room: RoomSettings) {
    const scale = 0.6 + 0.8 * room.roomSize;
    const lengths = DELAYS.map((seconds) => Math.max(2, Math.round(seconds * scale * sampleRate) | 1));
    this.lines = lengths.map((length) => new Float32Array(length));
    const seconds = reverberationSeconds(room.roomSize);
    this.decays = Float64Array.from(lengths, (length) => 10 ** ((-3 * length) / (seconds * sampleRate)));
    // The pole of a one-pole low-pass is e^-w: the same cut-off frequency at every sample rate.
    this.damping = (0.75 * room.damping) ** (44100 / sampleRate);
    // With lines at half level each and eight of them, the wet sound is about as loud as the dry.
    this.same = 0.25 * (1 + room.width);
    this.other = 0.25 * (1 - room.width);
  }

  /** Writes the wet sound of a mono input to `left` and `right`. */
  process(input: Float32Array, left: Float32Array, right: Float32Array, frames: number): void {
    const { lines, decays, positions, lowPasses, outputs, damping, same, other } = this;
    for (let i = 0; i < frames; i++) {
      const x = input[i]!;
      let sum = 0;
      let wetLeft = 0;
      let wetRight = 0;
      for (let k = 0; k < LINES; k++) {
        const out = lines[k]![positions[k]!]!;
        const damped = out + damping * (lowPasses[k]! - out) + 1e-20 - 1e-20;
        lowPasses[k] = damped;
        const decayed = damped * decays[k]!;
        outputs[k] = decayed;
        sum += decayed;
        wetLeft += LEFT_SIGNS[k]! * decayed;
        wetRight += RIGHT_SIGNS[k]! * decayed;
      }
      const reflected = sum * (2 / LINES);
      for (let k = 0; k < LINES; k++) {
        const line = lines[k]!;
        const position = positions[k]!;
        line[position] = x + outputs[k]! - reflected + 1e-20 - 1e-20;
        positions[k] = position + 1 === line.length ? 0 : position + 1;
      }
      left[i] = same * wetLeft + other * wetRight;
      right[i] = same * wetRight + other * wetLeft;
    }
  }
}
