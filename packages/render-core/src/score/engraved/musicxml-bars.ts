/** Start and end tags of what takes time, and what decides how much. */
const TOKENS =
  /<(\/?)(?:[\w.-]+:)?(part|measure|note|backup|forward)(?=[\s/>])[^<>]*>|<(?:[\w.-]+:)?(divisions|duration)(?:\s[^<>]*)?>\s*([^<]*)|<(?:[\w.-]+:)?(chord|grace)(?=[\s/>])/g;

/**
 * How long the bars of a MusicXML score are, in quarter notes: as long as the part that goes furthest in them, whatever their time signature says
 * (MusicXML 4.0, measure: pick-ups, bars divided by a repeat, cadenzas). 0 for bars without content.
 */
export function musicXmlBarLengths(text: string): number[] {
  const clock = new BarClock(/<(?:[\w.-]+:)?score-timewise[\s>]/.test(text));
  for (const [token, slash, element, number, digits, mark] of text.matchAll(TOKENS)) {
    if (mark !== undefined) clock.takesNoTime();
    else if (number !== undefined) clock.number(number, Number(digits));
    else if (slash === '/') clock.close(element!);
    else if (!token.endsWith('/>')) clock.open(element!, token);
  }
  return clock.lengths;
}

/** Follows the position in the bar of one part after the other. */
class BarClock {
  readonly lengths: number[] = [];
  readonly #divisions = new Map<string, number>();
  #part = '';
  #bar = -1;
  /** Quarter notes since the beginning of the bar. */
  #position = 0;
  /** Quarter notes that the element takes which has been opened. */
  #duration = 0;
  #inside = '';

  constructor(private readonly timewise: boolean) {}

  open(element: string, tag: string): void {
    this.#inside = element;
    this.#duration = 0;
    if (element === 'part') {
      this.#part = tag;
      if (!this.timewise) this.#bar = -1;
    } else if (element === 'measure') this.#bar++;
    if (element === 'part' || element === 'measure') this.#position = 0;
  }

  close(element: string): void {
    if (element === this.#inside && element !== 'part' && element !== 'measure') {
      this.#position = Math.max(0, this.#position + (element === 'backup' ? -this.#duration : this.#duration));
      if (this.#bar >= 0) this.lengths[this.#bar] = Math.max(this.lengths[this.#bar] ?? 0, this.#position);
    }
    if (element === 'measure' && this.#bar >= 0) this.lengths[this.#bar] ??= 0;
    this.#inside = '';
  }

  number(name: string, value: number): void {
    if (!(value > 0)) return;
    if (name === 'divisions') this.#divisions.set(this.#part, value);
    else this.#duration = value / (this.#divisions.get(this.#part) ?? 1);
  }

  /** Of a chord only the first note moves on; grace notes have no time of their own. */
  takesNoTime(): void {
    this.#inside = '';
  }
}
