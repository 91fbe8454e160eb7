import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { InstrumentError } from '../instrument-error.js';
import { confinedPath } from '../samples/confined-path.js';

const MOST_INCLUDES = 256;
const DEEPEST_INCLUDE = 16;
/** Characters of all files together, and of one line after macros. */
const MOST_TEXT = 16 * 1024 * 1024;
const LONGEST_LINE = 20_000;
const MOST_MACROS = 10_000;

/** A line of an SFZ file without comments, its macros replaced and the files that it includes in its place. */
export interface SfzLine {
  readonly text: string;
  /** File and line number, for messages. */
  readonly place: string;
}

/**
 * Reads an SFZ file with everything that it includes. Includes are relative to the first file, as ARIA has it, and must be in `root`.
 * Throws InstrumentError `invalid-sfz` when a file is missing or outside, or when includes go too deep.
 */
export async function readSfzLines(file: string, folder: string, root: string): Promise<SfzLine[]> {
  const reader = new Reader(folder, root);
  await reader.read(file, 0);
  return reader.lines;
}

class Reader {
  readonly lines: SfzLine[] = [];
  private readonly macros = new Map<string, string>();
  private includes = 0;
  private characters = 0;

  constructor(
    private readonly folder: string,
    private readonly root: string,
  ) {}

  async read(path: string, depth: number): Promise<void> {
    const name = basename(path);
    const { size } = await stat(path);
    this.characters += size;
    if (this.characters > MOST_TEXT)
      throw invalid(name, `is too large: over ${MOST_TEXT} characters with what it includes`);
    const text = withoutComments(await readFile(path, 'utf8'));
    for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) {
      const place = `${name}:${index + 1}`;
      if (line.length > LONGEST_LINE) throw invalid(place, 'has a line that is too long');
      const include = /^\s*#include\s+"([^"]+)"/.exec(line)?.[1];
      if (include === undefined) this.addLine(line, place);
      else await this.include(this.expand(include, place), place, depth);
    }
  }

  private async include(name: string, place: string, depth: number): Promise<void> {
    if (depth >= DEEPEST_INCLUDE) throw invalid(place, `includes files more than ${DEEPEST_INCLUDE} deep`);
    if (++this.includes > MOST_INCLUDES) throw invalid(place, `includes more than ${MOST_INCLUDES} files`);
    const path = await confinedPath(this.root, name, this.folder);
    if (path === null)
      throw invalid(place, `includes "${name}", which is missing or outside the folder of the instrument`);
    await this.read(path, depth + 1);
  }

  /** `#define $NAME value` may stand several times in a line. */
  private addLine(line: string, place: string): void {
    const rest = line.replace(/#define\s+\$(\w+)\s+(\S+)/g, (_, name: string, value: string) => {
      if (this.macros.size >= MOST_MACROS) throw invalid(place, `defines more than ${MOST_MACROS} macros`);
      this.macros.set(name, this.expand(value, place));
      return ' ';
    });
    const text = this.expand(rest, place).trim();
    if (text === '') return;
    this.characters += text.length;
    if (this.characters > 2 * MOST_TEXT) throw invalid(place, 'is too large');
    this.lines.push({ text, place });
  }

  /** The longest macro whose name begins the text after a $ is replaced. */
  private expand(text: string, place: string): string {
    const expanded = text.replace(/\$(\w+)/g, (whole, word: string) => {
      for (let length = word.length; length > 0; length--) {
        const value = this.macros.get(word.slice(0, length));
        if (value !== undefined) return value + word.slice(length);
      }
      return whole;
    });
    if (expanded.length > LONGEST_LINE) throw invalid(place, 'has a line that is too long');
    return expanded;
  }
}

function withoutComments(text: string): string {
  return text
    .replace(/^\uFEFF/, '')
    .replace(/\/\*[\s\S]*?(?:\*\/|$)/g, (comment) => comment.replace(/[^\r\n]/g, ''))
    .replace(/\/\/[^\r\n]*/g, '');
}

function invalid(place: string, what: string): InstrumentError {
  const message = `${place} ${what}.`;
  return new InstrumentError('invalid-sfz', message, [{ pointer: place, message }]);
}
