import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Writable } from 'node:stream';
import type { RenderOptionsInput } from '@musistrata/render-core';
import type { Warning } from '../types.js';
import { clock, megabytes, type ProgressLine } from './progress-line.js';
import type { AudioFacts, Rendered, RenderedStem, Renderer } from './renderer.js';
import { stemFileName, stemsFolder, type Target } from './targets.js';

/** What became of one score, as `--json` shows it. */
export interface RenderResult {
  readonly score: string;
  readonly id: string | null;
  readonly audio: AudioFacts & { readonly path: string | null };
  readonly stems: readonly (AudioFacts & { readonly part: number; readonly name: string; readonly path: string })[];
  readonly warnings: readonly Warning[];
  /** Time that it took, in seconds. */
  readonly seconds: number;
}

export interface RenderSurroundings {
  /** Of the audio, without the point. */
  readonly extension: string;
  readonly options: RenderOptionsInput;
  readonly signal: AbortSignal;
  readonly progress: ProgressLine;
  readonly standardOutput: Writable;
}

/** Renders one score to where it belongs. Nothing appears there before all of it is made. */
export async function renderScore(
  renderer: Renderer,
  { source, path, isStream }: Target,
  { options, extension, signal, progress, standardOutput }: RenderSurroundings,
): Promise<RenderResult> {
  const started = performance.now();
  try {
    const task = {
      source,
      options,
      destination: path === null || isStream ? null : dirname(path),
      signal,
      onProgress: (now: Parameters<ProgressLine['show']>[1]) => progress.show(source.label, now),
    };
    return await renderer.render(task, async (rendered: Rendered): Promise<RenderResult> => {
      const { id, audio, stems, warnings } = rendered;
      const saved = path === null ? [] : await saveStems(stems, stemsFolder(path), extension);
      if (path === null) await audio.pipeTo(standardOutput);
      else if (isStream) await audio.pipeTo(createWriteStream(path)).catch(unlessClosed);
      else await audio.saveTo(path);
      const seconds = Math.round(performance.now() - started) / 1000;
      return { score: source.label, id, audio: { path, ...audio.facts }, stems: saved, warnings, seconds };
    });
  } finally {
    progress.clear();
  }
}

/** A reader that has had enough is no failure. */
function unlessClosed(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

async function saveStems(
  stems: readonly RenderedStem[],
  folder: string,
  extension: string,
): Promise<RenderResult['stems']> {
  if (stems.length === 0) return [];
  await mkdir(folder, { recursive: true });
  const saved: RenderResult['stems'][number][] = [];
  for (const { part, name, file } of stems) {
    const stemPath = join(folder, stemFileName(part, name, extension));
    await file.saveTo(stemPath);
    saved.push({ part, name, path: stemPath, ...file.facts });
  }
  return saved;
}

/** One line for people. */
export function resultText({ score, audio, stems, seconds }: RenderResult): string {
  const loudness = audio.loudnessLufs === null ? 'silent' : `${audio.loudnessLufs.toFixed(1)} LUFS`;
  const more = stems.length > 0 ? `, ${stems.length} stems` : '';
  return `${score} -> ${audio.path ?? 'standard output'}: ${clock(audio.durationSeconds)}, ${megabytes(audio.bytes)}, ${loudness}${more}, in ${seconds.toFixed(1)} s\n`;
}
