import { InstrumentError } from '../instrument-error.js';
import type { SfzLine } from './sfz-text.js';

const MOST_REGIONS = 20_000;
const MOST_OPCODES = 2_000_000;

export type Opcodes = ReadonlyMap<string, string>;

/** A region with everything that it inherits. */
export interface SfzSection {
  readonly opcodes: Opcodes;
  /** `default_path` in force, and key offsets of the control header. */
  readonly control: Opcodes;
  readonly place: string;
}

const LEVELS = ['global', 'master', 'group', 'region'];
const TOKEN = /<(\w+)>|(?<=^|\s|>)([A-Za-z_]\w*)=/g;

/** Regions in order; each has the opcodes of its global, master and group headers beneath its own (SFZ format, header levels). */
export function parseSections(lines: readonly SfzLine[]): SfzSection[] {
  const parser = new Parser();
  for (const line of lines) parser.add(line);
  return parser.finish();
}

class Parser {
  private readonly sections: SfzSection[] = [];
  private readonly levels = LEVELS.map(() => new Map<string, string>());
  private control: ReadonlyMap<string, string> = new Map();
  /** The header that opcodes belong to: a level, -1 for control, null for headers that are not played. */
  private level: number | null = null;
  private regionPlace = '';
  private opcodes = 0;

  add({ text, place }: SfzLine): void {
    const tokens = [...text.matchAll(TOKEN)];
    tokens.forEach((token, index) => {
      const [whole, header, opcode] = token;
      if (header !== undefined) this.open(header.toLowerCase(), place);
      if (opcode === undefined) return;
      // Values may hold spaces: they reach to the next opcode or header.
      const end = tokens[index + 1]?.index ?? text.length;
      this.set(opcode.toLowerCase(), text.slice(token.index + whole.length, end).trim(), place);
    });
  }

  finish(): SfzSection[] {
    this.closeRegion();
    return this.sections;
  }

  private open(header: string, place: string): void {
    this.closeRegion();
    const level = LEVELS.indexOf(header);
    this.level = level >= 0 ? level : header === 'control' ? -1 : null;
    if (level < 0) return;
    for (let lower = level; lower < LEVELS.length; lower++) this.levels[lower] = new Map();
    this.regionPlace = place;
  }

  private set(opcode: string, value: string, place: string): void {
    if (++this.opcodes > MOST_OPCODES) throw tooMany(place, `${MOST_OPCODES} opcodes`);
    if (this.level === -1) this.control = new Map(this.control).set(opcode, value);
    else if (this.level !== null) this.levels[this.level]!.set(opcode, value);
  }

  private closeRegion(): void {
    if (this.level !== LEVELS.indexOf('region')) return;
    if (this.sections.length >= MOST_REGIONS) throw tooMany(this.regionPlace, `${MOST_REGIONS} regions`);
    const opcodes = inherited(this.levels);
    this.opcodes += opcodes.size;
    this.sections.push({ opcodes, control: this.control, place: this.regionPlace });
    this.level = null;
  }
}

/** Lower headers override higher ones; a key says what these three would, so that it overrides them too (SFZ format, key). */
function inherited(levels: readonly Opcodes[]): Map<string, string> {
  const opcodes = new Map<string, string>();
  for (const level of levels) {
    if (level.has('key')) for (const name of ['lokey', 'hikey', 'pitch_keycenter']) opcodes.delete(name);
    for (const [name, value] of level) opcodes.set(name, value);
  }
  return opcodes;
}

function tooMany(place: string, what: string): InstrumentError {
  const message = `${place}: more than ${what}.`;
  return new InstrumentError('invalid-sfz', message, [{ pointer: place, message }]);
}
