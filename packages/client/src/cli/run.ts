import { readFile } from 'node:fs/promises';
import type { Readable, Writable } from 'node:stream';
import type { RenderOptionsInput } from '@musistrata/render-core';
import { type Command, readCommand } from './command.js';
import { EXIT, type ExitStatus, failureOf, failureText } from './failure.js';
import { type FlagName, helpText } from './flags.js';
import { ProgressLine, type Terminal } from './progress-line.js';
import { renderScore, resultText } from './render-score.js';
import type { Renderer } from './renderer.js';
import { instrumentsText, optionsText, scoreText, warningText } from './report-text.js';
import { type ScoreSource, scoreSource } from './score-source.js';
import { chooseTargets } from './targets.js';
import { UsageError } from './usage-error.js';

/** What a process lends to the command. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly standardInput: Readable;
  readonly standardOutput: Writable & Terminal;
  readonly standardError: Terminal;
  readonly signal: AbortSignal;
}

/** Runs a command line to its end. Rejects only with the signal's reason. */
export async function run(args: readonly string[], surroundings: Surroundings): Promise<ExitStatus> {
  try {
    const command = readCommand(args);
    return await perform(command, surroundings);
  } catch (error) {
    surroundings.signal.throwIfAborted();
    const failure = failureOf(error);
    surroundings.standardError.write(failureText(null, failure));
    return failure.exit;
  }
}

async function perform(command: Command, surroundings: Surroundings): Promise<ExitStatus> {
  const { standardOutput, signal } = surroundings;
  const { action } = command;
  if (action === 'help') standardOutput.write(helpText());
  else if (action === 'version') standardOutput.write(`${await version()}\n`);
  else if (action === 'list-options')
    standardOutput.write(optionsText((await import('./option-list.js')).listOptions()));
  else {
    const { readOptions } = await import('./read-options.js');
    const options = await readOptions(command);
    const { renderer, applied } = await chooseRenderer(command, options, surroundings.environment);
    try {
      if (action === 'render') return await renderAll(renderer, command, applied, surroundings);
      if (action === 'parse') return await reportAll(renderer, command, applied, surroundings);
      const instruments = await renderer.instruments(signal);
      standardOutput.write(command.values.json ? `${JSON.stringify(instruments)}\n` : instrumentsText(instruments));
    } finally {
      await renderer.close();
    }
  }
  return EXIT.done;
}

async function chooseRenderer(
  { values }: Command,
  options: RenderOptionsInput,
  environment: Surroundings['environment'],
): Promise<{ readonly renderer: Renderer; readonly applied: RenderOptionsInput }> {
  const given = (flag: FlagName, variable: string) => {
    const value = values[flag];
    return (typeof value === 'string' ? value : environment[variable]) || undefined;
  };
  const { server } = values;
  // Each is much code, and a process needs one of them.
  if (typeof server !== 'string')
    return (await import('./local-renderer.js')).openLocalRenderer(options, {
      soundFontFolder: given('sound-fonts', 'SOUNDFONT_DIR'),
      samplesFolder: given('samples', 'SAMPLES_DIR'),
      defaultSoundFont: environment.DEFAULT_SOUNDFONT || undefined,
      catalogueFiles: given('catalogue', 'CATALOGUE_FILES')?.split(/[\s,]+/),
    });
  if (!URL.canParse(server) || !/^https?:$/.test(new URL(server).protocol))
    throw new UsageError(`--server ${server}: must be a URL such as http://localhost:8080.`);
  const { RemoteRenderer } = await import('./remote-renderer.js');
  return { renderer: new RemoteRenderer(new URL(server), given('api-key', 'MUSISTRATA_API_KEY')), applied: options };
}

async function renderAll(
  renderer: Renderer,
  { scores, values }: Command,
  options: RenderOptionsInput,
  { standardInput, standardOutput, standardError, signal }: Surroundings,
): Promise<ExitStatus> {
  const extension = options.format ?? 'wav';
  const targets = await chooseTargets(sourcesOf(scores, standardInput), {
    output: typeof values.output === 'string' ? values.output : null,
    extension,
    stems: options.stems ?? false,
    json: values.json === true,
    toTerminal: standardOutput.isTTY === true,
  });
  const progress = new ProgressLine(values.quiet ? { write: () => {} } : standardError);
  return forEachScore(
    targets,
    ({ source }) => source.label,
    values.json === true,
    { standardOutput, standardError, signal },
    async (target) => {
      const result = await renderScore(renderer, target, { options, extension, signal, progress, standardOutput });
      if (!values.quiet) standardError.write(result.warnings.map(warningText).join(''));
      if (values.json) standardOutput.write(`${JSON.stringify(result)}\n`);
      else if (standardError.isTTY && !values.quiet) standardError.write(resultText(result));
    },
  );
}

async function reportAll(
  renderer: Renderer,
  { scores, values }: Command,
  options: RenderOptionsInput,
  { standardInput, standardOutput, standardError, signal }: Surroundings,
): Promise<ExitStatus> {
  const sources = sourcesOf(scores, standardInput);
  return forEachScore(
    sources,
    ({ label }) => label,
    values.json === true,
    { standardOutput, standardError, signal },
    async (source) => {
      const report = await renderer.report(source, options, signal);
      standardOutput.write(
        values.json ? `${JSON.stringify({ source: source.label, ...report })}\n` : scoreText(source.label, report),
      );
    },
  );
}

/** Does something with every score; one that fails is reported and does not keep the others from their turn. The first failure decides the exit status. */
async function forEachScore<Item>(
  items: readonly Item[],
  labelOf: (item: Item) => string,
  json: boolean,
  { standardOutput, standardError, signal }: Pick<Surroundings, 'standardOutput' | 'standardError' | 'signal'>,
  action: (item: Item) => Promise<void>,
): Promise<ExitStatus> {
  let exit: ExitStatus = EXIT.done;
  for (const item of items) {
    try {
      await action(item);
    } catch (error) {
      signal.throwIfAborted();
      const failure = failureOf(error);
      const { code, message, errors } = failure;
      standardError.write(failureText(labelOf(item), failure));
      if (json) standardOutput.write(`${JSON.stringify({ score: labelOf(item), error: { code, message, errors } })}\n`);
      if (exit === EXIT.done) exit = failure.exit;
    }
  }
  return exit;
}

function sourcesOf(scores: readonly string[], standardInput: Readable): ScoreSource[] {
  return scores.map((score) => scoreSource(score, standardInput));
}

async function version(): Promise<string> {
  const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
