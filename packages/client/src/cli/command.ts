import { parseArgs } from 'node:util';
import { nearestNames } from '@musistrata/render-core/score/names.js';
import { type FlagName, flags, parserFlags } from './flags.js';
import { UsageError } from './usage-error.js';

export type Action = 'render' | 'parse' | 'list-instruments' | 'list-options' | 'help' | 'version';

/** What a command line asks for. */
export interface Command {
  readonly action: Action;
  /** Files, and `-` for standard input. */
  readonly scores: readonly string[];
  /** As typed. */
  readonly values: Readonly<Partial<Record<FlagName, string | boolean>>>;
  /** Every `--set`, split at its first `=`. */
  readonly settings: readonly (readonly [name: string, text: string])[];
}

const ACTIONS = ['help', 'version', 'list-options', 'list-instruments', 'parse'] as const;

/** @throws UsageError */
export function readCommand(args: readonly string[]): Command {
  const { values, positionals } = parsed(joinNegativeNumbers(args));
  const { set, ...single } = values;
  const action = ACTIONS.find((name) => values[name]) ?? 'render';
  const settings = ((set as string[] | undefined) ?? []).map((text): [string, string] => {
    const split = text.indexOf('=');
    if (split < 1) throw new UsageError(`--set ${text}: write NAME=VALUE.`);
    return [text.slice(0, split), text.slice(split + 1)];
  });
  const needsScores = action === 'render' || action === 'parse';
  if (needsScores && positionals.length === 0)
    throw new UsageError('Name a score to render, or - for standard input. --help says more.');
  if (action.startsWith('list-') && positionals.length > 0) throw new UsageError(`--${action} takes no scores.`);
  if (positionals.filter((score) => score === '-').length > 1)
    throw new UsageError('Standard input can be read once only.');
  return { action, scores: positionals, values: single as Command['values'], settings };
}

function parsed(args: string[]) {
  try {
    return parseArgs({ args, options: parserFlags, allowPositionals: true, strict: true });
  } catch (error) {
    const { message } = error as Error;
    const unknown = /Unknown option '(-[^']*)'/.exec(message)?.[1];
    if (unknown === undefined) throw new UsageError(message.split('\n')[0] ?? message);
    const near = nearestNames(unknown, Object.keys(flags), 2).map((name) => `--${name}`);
    throw new UsageError(`There is no ${unknown}. Did you mean ${near.join(' or ')}?`);
  }
}

/** `--loudness -16` means a number, which the parser would take for a flag. */
function joinNegativeNumbers(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    const before = joined.at(-1);
    if (/^-\d/.test(arg) && before !== undefined && /^--[^=]+$/.test(before))
      joined[joined.length - 1] = `${before}=${arg}`;
    else joined.push(arg);
  }
  return joined;
}
