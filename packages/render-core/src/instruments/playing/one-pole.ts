/** A first-order low-pass (bilinear transform) for one or two channels. */
export class OnePole {
  private open = true;
  private gain = 0;
  private feedback = 0;
  private readonly state = new Float64Array(2);

  /** Corner in Hz; null lets everything pass. */
  start(corner: number | null, sampleRate: number): void {
    this.state.fill(0);
    this.open = corner === null || corner >= 0.49 * sampleRate;
    if (corner === null) return;
    const k = Math.tan((Math.PI * Math.max(1, Math.min(corner, 0.49 * sampleRate))) / sampleRate);
    this.gain = k / (1 + k);
    this.feedback = (1 - k) / (1 + k);
  }

  /** Filters in place; `channel` is 0 or 1. */
  run(signal: Float64Array, frames: number, channel: number): void {
    if (this.open) return;
    const { gain, feedback } = this;
    let state = this.state[channel]!;
    for (let i = 0; i < frames; i++) {
      const input = gain * signal[i]!;
      const output = input + state;
      state = input + feedback * output;
      signal[i] = output;
    }
    this.state[channel] = state;
  }
}
