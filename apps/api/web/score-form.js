import { clock, find, make, message } from './elements.js';
import { ask, Refusal } from './http.js';

/** The example leaves nothing to be looked up: a few bars that any server can play. */
const example = {
  Tempo: 96,
  BeatsPerBar: 4,
  Tracks: [
    {
      Name: 'Melody',
      Instrument: 'Acoustic Grand Piano',
      Bars: [
        ['C', 'E', 'G', 'E'],
        ['D', 'F', 'A', 'F'],
        ['B', 'D', 'G', 'D'],
        ['C', 'E', 'G', 'C'],
      ].map((names) => ({
        SoundEvents: names.map((Name, Beat) => ({
          Beat,
          Duration: 1,
          Note: { Name, Octave: 5 },
          Velocity: Beat === 0 ? 80 : 64,
        })),
      })),
    },
    {
      Name: 'Bass',
      Instrument: 'Acoustic Bass',
      Bars: ['C', 'D', 'G', 'C'].map((Name) => ({
        SoundEvents: [{ Beat: 0, Duration: 4, Note: { Name, Octave: 3 }, Velocity: 70 }],
      })),
    },
  ],
};

/** Takes a score from a file, a drop or a text, has it read, and gathers the options. */
export class ScoreForm {
  #score = null;
  #looking = new AbortController();

  /** @param {(score: Blob, name: string, query: URLSearchParams) => Promise<void>} onSubmit */
  constructor(onSubmit) {
    find('file').addEventListener('change', ({ target }) => this.#take(target.files[0]));
    const drop = find('drop');
    for (const event of ['dragover', 'dragenter'])
      document.addEventListener(event, (drag) => {
        drag.preventDefault();
        drop.classList.add('over');
      });
    document.addEventListener('dragleave', ({ relatedTarget }) => relatedTarget ?? drop.classList.remove('over'));
    document.addEventListener('drop', (event) => {
      event.preventDefault();
      drop.classList.remove('over');
      this.#take(event.dataTransfer.files[0]);
    });
    find('text').addEventListener('input', ({ target }) => this.#takeText(target.value));
    find('example').addEventListener('click', () => {
      find('text').value = JSON.stringify(example, null, 2);
      this.#takeText(find('text').value);
    });
    find('form').addEventListener('submit', async (event) => {
      event.preventDefault();
      if (this.#score === null) return;
      find('submit').disabled = true;
      find('refusal').replaceChildren();
      await onSubmit(this.#score, this.#score.name ?? '', this.#query()).catch((error) => this.#refuse(error));
      find('submit').disabled = false;
    });
  }

  #take(file) {
    if (!file) return;
    this.#score = file;
    find('chosen').textContent = file.name;
    this.#look();
  }

  #takeText(text) {
    this.#score = text.trim() === '' ? null : new Blob([text], { type: 'application/json' });
    find('chosen').textContent = this.#score ? 'The song below' : 'Drop a score here, or choose a file';
    this.#look();
  }

  /** Has the service read the score, so that its faults show before anything is rendered. */
  async #look() {
    this.#looking.abort();
    this.#looking = new AbortController();
    const { signal } = this.#looking;
    const area = find('score');
    find('submit').disabled = this.#score === null;
    find('refusal').replaceChildren();
    if (this.#score === null) return area.replaceChildren();
    try {
      await new Promise((resolve) => setTimeout(resolve, 250));
      if (signal.aborted) return;
      const response = await ask('/v1/scores', { method: 'POST', body: this.#score, signal });
      const { score, parts, warnings } = await response.json();
      const names = parts
        .map(({ name }) => name)
        .slice(0, 8)
        .join(', ');
      area.replaceChildren(
        make(
          'p',
          {},
          make('strong', {}, score.title ?? 'Untitled'),
          ` · ${clock(score.durationSeconds)} · ${score.noteCount} notes`,
        ),
        make(
          'p',
          { class: 'quiet' },
          `${score.partCount} ${score.partCount === 1 ? 'part' : 'parts'}: ${names}${parts.length > 8 ? ' …' : ''}`,
        ),
        ...(warnings.length ? [message('warn', 'Worth knowing', warnings)] : []),
      );
    } catch (error) {
      if (signal.aborted) return;
      area.replaceChildren(refusalMessage(error));
      if (error instanceof Refusal && error.status === 401) showAccess();
    }
  }

  #query() {
    const fields = new FormData(find('form'));
    const [format, bitDepth] = fields.get('format').split(' ');
    const query = new URLSearchParams({ format });
    if (bitDepth) query.set('bitDepth', bitDepth);
    if (bitDepth === '32') query.set('sampleFormat', 'float');
    for (const [name, value] of fields) if (name !== 'format' && value !== '') query.set(name, String(value));
    return query;
  }

  #refuse(error) {
    find('refusal').replaceChildren(refusalMessage(error));
    if (error instanceof Refusal && error.status === 401) showAccess();
  }
}

const refusalMessage = (error) =>
  error.errors?.length > 0 ? message('bad', error.title, error.errors) : message('bad', error.message);

function showAccess() {
  find('access').hidden = false;
  find('access').open = true;
}
