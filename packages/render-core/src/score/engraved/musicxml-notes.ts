import { elements } from './xml-text.js';

/** Makes notes sound that the importer would leave out or strike again. */
export function playableNotes(text: string): string {
  return withTieSigns(text.replace(HIDDEN, '$1'));
}

/** What is not printed is played all the same (MusicXML 4.0, print-object). */
const HIDDEN = /(<note(?:\s[^<>]*?)?)\sprint-object\s*=\s*(?:"no"|'no')/g;

/**
 * Gives every note whose `tie` says that it sounds on the sign that shows it: the importer goes by that, but it may be missing (MusicXML 4.0, tie: "the
 * tie element indicates sound; the tied element indicates notation").
 */
function withTieSigns(text: string): string {
  if (!/<tie\s/.test(text)) return text;
  const pieces: string[] = [];
  let done = 0;
  for (const { start, end } of elements(text, 'note')) {
    const note = text.slice(start, end);
    if (!/<tie\s/.test(note) || /<tied\s/.test(note)) continue;
    const signs = [...note.matchAll(/<tie\s[^<>]*?\btype\s*=\s*["'](start|stop)["']/g)].map(
      ([, type]) => `<tied type="${type}"/>`,
    );
    pieces.push(text.slice(done, start), note.replace(/<\/note\s*>$/, `<notations>${signs.join('')}</notations>$&`));
    done = end;
  }
  return pieces.join('') + text.slice(done);
}
