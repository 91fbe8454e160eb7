/** Makes an element; texts are never read as HTML. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

export const find = (id) => document.getElementById(id);

/** A remark with a list of places below it. */
export function message(kind, title, items = []) {
  const list = items.map(({ pointer, parameter, message: text }) =>
    make('li', {}, ...(pointer || parameter ? [make('code', {}, pointer || parameter), ' '] : []), text),
  );
  return make(
    'div',
    { class: `message ${kind}` },
    make('strong', {}, title),
    ...(list.length ? [make('ul', {}, ...list)] : []),
  );
}

/** 75.4 as 1:15. */
export function clock(seconds) {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

export function size(bytes) {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(0)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** What a render is called: its title, else the file it came from, else the end of its id. */
export function nameOf(render) {
  return render.score.title ?? render.metadata.name ?? `Render ${render.id.slice(-6)}`;
}
