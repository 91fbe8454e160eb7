import { clock, find, make, message, nameOf, size } from './elements.js';
import { ask, watch } from './http.js';
import { Waveform } from './waveform.js';

const words = {
  queued: 'Waiting',
  rendering: 'Rendering',
  succeeded: 'Finished',
  failed: 'Failed',
  canceled: 'Canceled',
};

/** Shows one render: its progress while it is made, its sound afterwards. */
export class RenderView {
  #audio = make('audio', { controls: '', preload: 'metadata', 'aria-label': 'The finished audio' });
  #waveform = new Waveform(find('wave'), this.#audio);
  #watching = new AbortController();
  #render = null;
  #onChange;

  /** @param {() => void} onChange called when the list of renders may have changed */
  constructor(onChange) {
    this.#onChange = onChange;
    find('player').append(this.#audio);
    find('remove').addEventListener('click', () => this.#remove());
  }

  /** Shows a render and follows it to its end. */
  show(render) {
    this.#watching.abort();
    this.#watching = new AbortController();
    find('nothing').hidden = true;
    find('render-body').hidden = false;
    find('result').hidden = true;
    this.#audio.pause();
    this.#update(render);
    find('render').focus({ preventScroll: false });
    if (!ended(render)) watch(render.id, (name, data) => this.#hear(name, data), this.#watching.signal);
  }

  #hear(name, data) {
    if (name === 'status' || name === 'done') this.#update(data);
    else if (name === 'progress') this.#progress(data);
    else if (name === 'gone') this.#clear();
  }

  #update(render) {
    this.#render = render;
    find('render-title').textContent = nameOf(render);
    find('status').className = `status grow ${render.status}`;
    find('status').textContent = words[render.status] + (render.cached ? ' (made before)' : '');
    find('remove').textContent = ended(render) ? 'Delete' : 'Cancel';
    find('progress').hidden = ended(render);
    this.#progress({
      ...render.progress,
      queuePosition: render.queuePosition,
      estimatedSeconds: render.estimatedSeconds,
    });
    find('remarks').replaceChildren(
      ...(render.error ? [message('bad', render.error.message)] : []),
      ...(render.warnings.length ? [message('warn', 'Worth knowing', render.warnings)] : []),
    );
    if (render.audio) this.#play(render);
    if (ended(render)) this.#onChange();
  }

  #progress({ renderedSeconds, totalSeconds, fraction, queuePosition, estimatedSeconds }) {
    if (ended(this.#render)) return;
    const bar = find('progress');
    if (queuePosition === null || queuePosition === undefined) bar.value = fraction;
    else bar.removeAttribute('value');
    const left =
      estimatedSeconds === null || estimatedSeconds === undefined ? '' : `, about ${clock(estimatedSeconds)} left`;
    find('status').textContent =
      renderedSeconds > 0
        ? `Rendering: ${clock(renderedSeconds)} of ${clock(totalSeconds)}${left}`
        : queuePosition > 0
          ? `Waiting: ${queuePosition} before it${left}`
          : `Waiting${left}`;
  }

  #play(render) {
    const { audio, stems } = render;
    find('result').hidden = false;
    this.#audio.src = audio.url;
    const facts = {
      Length: clock(audio.durationSeconds),
      Size: size(audio.bytes),
      Format: `${audio.contentType.replace('audio/', '').toUpperCase()}${audio.bitDepth ? `, ${audio.bitDepth} bit` : ''}`,
      'Sample rate': `${audio.sampleRate / 1000} kHz`,
      Loudness: audio.loudnessLufs === null ? 'silent' : `${audio.loudnessLufs.toFixed(1)} LUFS`,
      'True peak': audio.peakDbtp === null ? 'silent' : `${audio.peakDbtp.toFixed(1)} dBTP`,
    };
    find('facts').replaceChildren(
      ...Object.entries(facts).map(([name, value]) => make('div', {}, make('dt', {}, name), make('dd', {}, value))),
    );
    const download = (url, text) =>
      make('a', { href: `${url}${url.includes('?') ? '&' : '?'}download=true`, download: '' }, text);
    find('downloads').replaceChildren(
      download(audio.url, 'Download'),
      ...(stems?.length ? [make('span', { class: 'quiet' }, 'Parts:')] : []),
      ...(stems ?? []).map((stem) => download(stem.url, stem.name)),
    );
    if (stems?.length > 1) this.#offerArchive(render, download);
    this.#waveform.show(null);
    ask(`/v1/renders/${render.id}/peaks`)
      .then((response) => response.json())
      .then((peaks) => this.#waveform.show(peaks))
      .catch(() => undefined);
  }

  /** All parts in one file, by a link that works without a key. */
  #offerArchive({ id }, download) {
    ask(`/v1/renders/${id}/stems`)
      .then((response) => response.json())
      .then(({ archiveUrl }) => {
        if (this.#render.id === id) find('downloads').append(download(archiveUrl, 'All parts (ZIP)'));
      })
      .catch(() => undefined);
  }

  async #remove() {
    const { id } = this.#render;
    const response = await ask(`/v1/renders/${id}`, { method: 'DELETE' }).catch(() => null);
    if (response?.status === 202) this.#update(await response.json());
    else if (response) this.#clear();
  }

  #clear() {
    this.#watching.abort();
    this.#audio.removeAttribute('src');
    find('render-body').hidden = true;
    find('nothing').hidden = false;
    find('render-title').textContent = 'Render';
    this.#onChange();
  }
}

const ended = (render) => render !== null && render.status !== 'queued' && render.status !== 'rendering';
