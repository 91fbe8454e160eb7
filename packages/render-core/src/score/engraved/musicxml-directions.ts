import { elements } from './xml-text.js';

/** Quarter notes in a beat unit of a metronome mark (MusicXML 4.0, note-type-value). */
const BEAT_UNITS: Readonly<Record<string, number>> = {
  maxima: 32,
  long: 16,
  breve: 8,
  whole: 4,
  half: 2,
  quarter: 1,
  eighth: 1 / 2,
  '16th': 1 / 4,
  '32nd': 1 / 8,
  '64th': 1 / 16,
  '128th': 1 / 32,
  '256th': 1 / 64,
};

/** What a `sound` element says about the way through the score. */
const JUMPS = ['segno', 'dalsegno', 'coda', 'tocoda', 'dacapo', 'fine'] as const;

/**
 * Puts directions the way the importer understands them. It takes tempo from a `sound` inside a `direction` alone, and jumps from a `sound` outside of
 * one; what it reads from a metronome mark is wrong for every beat but the quarter note. Both elements may stand in either place (MusicXML 4.0, sound).
 */
export function playableDirections(text: string): string {
  const pieces: string[] = [];
  let done = 0;
  for (const { start, end } of elements(text, 'direction')) {
    pieces.push(bareSounds(text.slice(done, start)), playableDirection(text.slice(start, end)));
    done = end;
  }
  return pieces.join('') + bareSounds(text.slice(done));
}

/** One direction with its tempo in quarter notes a minute, followed by its jumps. */
function playableDirection(direction: string): string {
  let tempo: number | null = null;
  let rest = '';
  let done = 0;
  for (const { start, end } of elements(direction, 'metronome')) {
    tempo ??= quartersPerMinute(direction.slice(start, end));
    rest += direction.slice(done, start);
    done = end;
  }
  rest += direction.slice(done);
  const jumps = new Set<string>();
  for (const [sound] of rest.matchAll(/<sound\s[^<>]*>/g)) {
    if (attribute(sound, 'tempo') !== null) tempo = null;
    for (const name of JUMPS) {
      const value = attribute(sound, name);
      if (value !== null && value !== 'no') jumps.add(name);
    }
  }
  if (tempo !== null) rest = rest.replace(/<\/direction\s*>$/, `<sound tempo="${tempo}"/>$&`);
  // The sign where the music jumps is not the one that it jumps to.
  if (jumps.has('tocoda')) rest = rest.replace(sign('coda'), '');
  if (jumps.has('dalsegno')) rest = rest.replace(sign('segno'), '');
  return jumps.size === 0 ? rest : `${rest}<sound ${[...jumps].map((name) => `${name}="yes"`).join(' ')}/>`;
}

const sign = (name: string) => new RegExp(`<${name}(?:\\s[^<>]*?)?(?:/>|>\\s*</${name}\\s*>)`, 'g');

/** Gives every tempo that stands outside of directions a direction of its own, and leaves out jumps that are not to be made. */
function bareSounds(text: string): string {
  return text.replace(/<sound\s[^<>]*>/g, (sound) => {
    const tempo = attribute(sound, 'tempo');
    const direction = tempo === null ? '' : `<direction><sound tempo="${tempo}"/></direction>`;
    return direction + sound.replace(/\s(?:tempo\s*=\s*(?:"[^"]*"|'[^']*')|dacapo\s*=\s*(?:"no"|'no'))/g, '');
  });
}

/** Null for marks that name no number, such as those that set two notes equal. */
function quartersPerMinute(metronome: string): number | null {
  const mark =
    /<beat-unit\s*>\s*([^<\s]+)\s*<\/beat-unit\s*>((?:\s*<beat-unit-dot\s*(?:\/>|><\/beat-unit-dot\s*>))*)\s*<per-minute[^<>]*>[^<\d]*(\d+(?:\.\d+)?)/.exec(
      metronome,
    );
  if (mark === null) return null;
  const [, unit, dots, perMinute] = mark;
  const quarters = Object.hasOwn(BEAT_UNITS, unit!) ? BEAT_UNITS[unit!]! : null;
  if (quarters === null) return null;
  const dotCount = dots!.split('<beat-unit-dot').length - 1;
  return Number(perMinute) * quarters * (2 - 2 ** -dotCount);
}

function attribute(tag: string, name: string): string | null {
  const found = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(tag);
  return found === null ? null : (found[1] ?? found[2] ?? '').trim();
}
