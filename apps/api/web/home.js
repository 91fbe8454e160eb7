import { clock, find, make, nameOf } from './elements.js';
import { apiKey, ask } from './http.js';
import { RenderView } from './render-view.js';
import { ScoreForm } from './score-form.js';

const view = new RenderView(() => listRecent());

new ScoreForm(async (score, name, query) => {
  const body = new FormData();
  body.set('score', score, name || 'song.json');
  if (name !== '') body.set('metadata', JSON.stringify({ name: name.slice(0, 500) }));
  const response = await ask(`/v1/renders?${query}`, { method: 'POST', body });
  view.show(await response.json());
  await listRecent();
});

find('key').value = apiKey.get();
find('access').hidden = apiKey.get() === '';
find('key').addEventListener('change', ({ target }) => {
  apiKey.set(target.value.trim());
  start();
});

async function listRecent() {
  const response = await ask('/v1/renders?limit=12').catch((error) => {
    if (error.status === 401) find('access').hidden = false;
    return null;
  });
  if (response === null) return;
  const { renders } = await response.json();
  find('recent').replaceChildren(
    ...renders.map((render) => {
      const button = make(
        'button',
        { type: 'button' },
        make('span', { class: 'name' }, nameOf(render)),
        make('span', { class: 'quiet' }, clock(render.progress.totalSeconds)),
        make('span', { class: `status ${render.status}` }, render.status),
      );
      button.addEventListener('click', () => view.show(render));
      return make('li', {}, button);
    }),
  );
  if (renders.length === 0) find('recent').replaceChildren(make('li', { class: 'quiet' }, 'None yet.'));
}

async function listFonts() {
  const response = await ask('/v1/soundfonts').catch(() => null);
  if (response === null) return;
  const { soundFonts } = await response.json();
  const [first] = find('fonts').options;
  find('fonts').replaceChildren(first, ...soundFonts.map(({ name }) => make('option', { value: name }, name)));
}

function start() {
  listRecent();
  listFonts();
}

start();
