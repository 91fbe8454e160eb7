import { parseKey } from '../samples/sample-name.js';
import type { Opcodes } from './sfz-sections.js';

/** Reads the opcodes of a region, keeping count of what was understood and what was wrong. */
export class SfzValues {
  readonly faults: string[] = [];
  private readonly used = new Set<string>();

  constructor(private readonly opcodes: Opcodes) {}

  /** The first of some names that is present; they all count as understood. */
  text(...names: string[]): string | null {
    let found: string | null = null;
    for (const name of names) {
      this.used.add(name);
      found ??= this.opcodes.get(name) ?? null;
    }
    return found;
  }

  /** A number within a range; what lies outside is brought to its end, what is no number is a fault. */
  number(names: string | readonly string[], low: number, high: number, otherwise: number): number {
    const list = typeof names === 'string' ? [names] : names;
    const text = this.text(...list);
    if (text === null) return otherwise;
    const value = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
    if (Number.isFinite(value)) return Math.min(high, Math.max(low, value));
    this.faults.push(`${list[0]}=${text} is not a number`);
    return otherwise;
  }

  /** A key number or note name (c4 is 60), or -1 for none. */
  key(name: string, otherwise: number): number {
    const text = this.text(name);
    if (text === null) return otherwise;
    const key = parseKey(text, 4);
    if (key !== null) return Math.min(127, Math.max(-1, key));
    this.faults.push(`${name}=${text} is not a key`);
    return otherwise;
  }

  choice<T extends string>(names: readonly string[], choices: readonly T[], otherwise: T): T {
    const text = this.text(...names);
    if (text === null) return otherwise;
    const found = choices.find((choice) => choice === text.toLowerCase());
    if (found === undefined) this.faults.push(`${names[0]}=${text} is none of ${choices.join(', ')}`);
    return found ?? otherwise;
  }

  /** Controller numbers of opcodes such as locc64, with their values. */
  controllers(prefix: string): Map<number, number> {
    const found = new Map<number, number>();
    for (const [name, text] of this.opcodes) {
      const number = name.startsWith(prefix) ? name.slice(prefix.length) : '';
      if (!/^\d{1,3}$/.test(number)) continue;
      this.used.add(name);
      found.set(Number(number), Number(text) || 0);
    }
    return found;
  }

  /** Names that nothing has asked for. */
  unknown(): string[] {
    return [...this.opcodes.keys()].filter((name) => !this.used.has(name));
  }
}
