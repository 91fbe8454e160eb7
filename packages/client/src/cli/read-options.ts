import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { RenderOptionsInput } from '@musistrata/render-core';
import { jsonPointer, schemaFaults } from '@musistrata/render-core/faults/schema-faults.js';
import { type OptionTree, placeOption, readOptionValue } from '@musistrata/render-core/options/dotted-options.js';
import { renderOptionsSchema } from '@musistrata/render-core/options/render-options.js';
import type { Fault } from '../error.js';
import type { Command } from './command.js';
import { optionFlags } from './flags.js';
import { UsageError } from './usage-error.js';

/** Options that cannot be used, all of them at once. */
export class OptionsError extends Error {
  override readonly name = 'OptionsError';
  readonly code = 'options-invalid';
  readonly status = 422;

  constructor(readonly errors: readonly Fault[]) {
    super(errors.length === 1 ? 'An option cannot be used.' : `${errors.length} options cannot be used.`);
  }
}

const FORMATS: Readonly<Record<string, string>> = {
  '.wav': 'wav',
  '.flac': 'flac',
  '.mp3': 'mp3',
  '.opus': 'opus',
  '.ogg': 'opus',
};

/**
 * The options that a command line asks for, checked, as a request writes them: those of the file, under those of flags, under those of `--set`.
 * @throws UsageError, OptionsError
 */
export async function readOptions({ values, settings }: Command): Promise<RenderOptionsInput> {
  const tree = typeof values.options === 'string' ? await optionsFile(values.options) : {};
  const typed = new Map<string, string>();
  const set = (name: string, text: string) => {
    typed.set(name, text);
    setOption(tree, name, readOptionValue(text));
  };
  const format = typeof values.output === 'string' ? FORMATS[extname(values.output).toLowerCase()] : undefined;
  if (format !== undefined) set('format', format);
  if (values.loudness !== undefined) set('master.normalize', 'loudness');
  for (const [flag, option] of optionFlags) if (values[flag] !== undefined) set(option, String(values[flag]));
  for (const [name, text] of settings) set(name, text);
  restoreTexts(tree, typed);
  const { error } = renderOptionsSchema.safeParse(tree);
  if (error)
    throw new OptionsError(
      schemaFaults(renderOptionsSchema, tree, error.issues).map(({ path, message }) => {
        const value = optionAt(tree, path);
        const shown = value === undefined || typeof value === 'object' ? '' : ` (it is ${JSON.stringify(value)})`;
        return { pointer: jsonPointer(path), message: `${message}${shown}` };
      }),
    );
  return tree;
}

/** Flags that come later win. */
function setOption(tree: OptionTree, name: string, value: unknown): void {
  const fault = placeOption(tree, name, value, true);
  if (fault !== null) throw new UsageError(`${name} ${fault}.`);
}

/** The value at a path, or undefined. */
function optionAt(tree: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (branch, step) =>
      typeof branch === 'object' && branch !== null ? (branch as OptionTree)[String(step)] : undefined,
    tree,
  );
}

/** A title of digits is text all the same: what was read as a number goes back to what was typed where text is wanted. */
function restoreTexts(tree: OptionTree, typed: ReadonlyMap<string, string>): void {
  for (const issue of renderOptionsSchema.safeParse(tree).error?.issues ?? []) {
    const name = issue.path.join('.');
    const text = typed.get(name);
    if (issue.code === 'invalid_type' && issue.expected === 'string' && text !== undefined) setOption(tree, name, text);
  }
}

async function optionsFile(path: string): Promise<OptionTree> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new UsageError(`--options ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UsageError(`--options ${path}: must hold a JSON object.`);
  return value as OptionTree;
}
