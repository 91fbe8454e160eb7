/** When a damper pedal goes down or up. */
export interface PedalMark {
  /** Index of the part in the list of parts. */
  readonly part: number;
  /** Index of the bar as it is written, and quarter notes from its beginning. */
  readonly bar: number;
  readonly quarters: number;
  readonly down: boolean;
}

/** What a MusicXML score says about time that its importer does not pass on. */
export interface MusicXmlTiming {
  /**
   * Quarter notes in every bar: as many as the part has that goes furthest in it, whatever the time signature says (MusicXML 4.0, measure: pick-ups,
   * bars divided by a repeat, cadenzas). 0 for bars with nothing but rests of a whole bar.
   */
  readonly barLengths: readonly number[];
  /** In the order of parts and bars. */
  readonly pedals: readonly PedalMark[];
}

/** Start and end tags of what takes time, what decides how much, and pedals. */
const TOKENS =
  /<(\/?)(?:[\w.-]+:)?(part|measure|note|backup|forward)(?=[\s/>])[^<>]*>|<(?:[\w.-]+:)?(divisions|duration)(?:\s[^<>]*)?>\s*([^<]*)|<(?:[\w.-]+:)?(chord|grace|rest|pedal|score-part)(?=[\s/>])[^<>]*>/g;

export function musicXmlTiming(text: string): MusicXmlTiming {
  const clock = new BarClock(/<(?:[\w.-]+:)?score-timewise[\s>]/.test(text));
  for (const [token, slash, element, number, digits, mark] of text.matchAll(TOKENS)) {
    if (mark !== undefined) clock.mark(mark, token);
    else if (number !== undefined) clock.number(number, Number(digits));
    else if (slash === '/') clock.close(element!);
    else if (!token.endsWith('/>')) clock.open(element!, token);
  }
  return clock;
}

/** Follows the position in the bar of one part after the other. */
class BarClock implements MusicXmlTiming {
  readonly barLengths: number[] = [];
  readonly pedals: PedalMark[] = [];
  readonly #parts: string[] = [];
  readonly #divisions = new Map<string, number>();
  #part = '';
  #bar = -1;
  /** Quarter notes since the beginning of the bar. */
  #position = 0;
  /** Quarter notes that the element takes which has been opened. */
  #duration = 0;
  #inside = '';
  #restsAlong = false;

  constructor(private readonly timewise: boolean) {}

  open(element: string, tag: string): void {
    this.#inside = element;
    this.#duration = 0;
    this.#restsAlong = false;
    if (element === 'part') {
      this.#part = idOf(tag);
      if (!this.timewise) this.#bar = -1;
    } else if (element === 'measure') this.#bar++;
    if (element === 'part' || element === 'measure') this.#position = 0;
  }

  close(element: string): void {
    if (element === this.#inside && element !== 'part' && element !== 'measure') {
      this.#position = Math.max(0, this.#position + (element === 'backup' ? -this.#duration : this.#duration));
      if (this.#bar >= 0 && !this.#restsAlong)
        this.barLengths[this.#bar] = Math.max(this.barLengths[this.#bar] ?? 0, this.#position);
    }
    if (element === 'measure' && this.#bar >= 0) this.barLengths[this.#bar] ??= 0;
    this.#inside = '';
  }

  number(name: string, value: number): void {
    if (!(value > 0)) return;
    if (name === 'divisions') this.#divisions.set(this.#part, value);
    else this.#duration = value / (this.#divisions.get(this.#part) ?? 1);
  }

  mark(element: string, tag: string): void {
    if (element === 'score-part') this.#parts.push(idOf(tag));
    else if (element === 'pedal') this.#pedal(/\stype\s*=\s*["']([^"']*)["']/.exec(tag)?.[1] ?? '');
    // Some programs give the rest of a whole bar the length of a whole note: it is as long as the bar.
    else if (element === 'rest') this.#restsAlong ||= /\smeasure\s*=\s*["']yes["']/.test(tag);
    // Of a chord only the first note moves on; grace notes have no time of their own.
    else this.#inside = '';
  }

  #pedal(type: string): void {
    const mark = { part: this.#parts.indexOf(this.#part), bar: this.#bar, quarters: this.#position };
    if (mark.part < 0 || mark.bar < 0) return;
    if (type === 'stop' || type === 'change') this.pedals.push({ ...mark, down: false });
    if (type === 'start' || type === 'change') this.pedals.push({ ...mark, down: true });
  }
}

function idOf(tag: string): string {
  return /\sid\s*=\s*["']([^"']*)["']/.exec(tag)?.[1] ?? '';
}
