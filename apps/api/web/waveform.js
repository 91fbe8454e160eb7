/**
 * Draws the stored extremes of a render on a canvas, marks the place that is played, and jumps where it is clicked.
 */
export class Waveform {
  #canvas;
  #audio;
  #peaks = null;

  constructor(canvas, audio) {
    this.#canvas = canvas;
    this.#audio = audio;
    new ResizeObserver(() => this.#draw()).observe(canvas);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#draw());
    for (const event of ['timeupdate', 'seeking', 'loadedmetadata']) audio.addEventListener(event, () => this.#draw());
    canvas.addEventListener('click', ({ offsetX }) => {
      if (Number.isFinite(audio.duration)) audio.currentTime = (offsetX / canvas.clientWidth) * audio.duration;
    });
  }

  show(peaks) {
    this.#peaks = peaks;
    this.#draw();
  }

  #draw() {
    const scale = devicePixelRatio || 1;
    const width = Math.round(this.#canvas.clientWidth * scale);
    const height = Math.round(this.#canvas.clientHeight * scale);
    if (width === 0) return;
    this.#canvas.width = width;
    this.#canvas.height = height;
    const pen = this.#canvas.getContext('2d');
    const { minimum = [], maximum = [] } = this.#peaks ?? {};
    const played = this.#audio.duration > 0 ? (this.#audio.currentTime / this.#audio.duration) * width : 0;
    const color = getComputedStyle(this.#canvas).color;
    for (let x = 0; x < width; x++) {
      const from = Math.floor((x / width) * minimum.length);
      const to = Math.max(from + 1, Math.floor(((x + 1) / width) * minimum.length));
      let low = 0;
      let high = 0;
      for (let i = from; i < to && i < minimum.length; i++) {
        low = Math.min(low, minimum[i]);
        high = Math.max(high, maximum[i]);
      }
      pen.globalAlpha = x < played ? 1 : 0.55;
      pen.fillStyle = color;
      const top = (0.5 - high / 2) * height;
      pen.fillRect(x, top, 1, Math.max(scale, ((high - low) / 2) * height));
    }
  }
}
