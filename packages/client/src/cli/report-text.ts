import type { PartSummary } from '../server-types.js';
import type { Warning } from '../types.js';
import type { ListedOption } from './option-list.js';
import { clock } from './progress-line.js';
import type { ListedInstrument, ScoreFacts } from './renderer.js';

/** Rows in columns; the last column runs on. */
function columns(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows)
    for (const [index, cell] of row.slice(0, -1).entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, index) => cell.padEnd(widths[index] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

/** What a score holds, for people. */
export function scoreText(label: string, { score, parts, warnings }: ScoreFacts): string {
  const title = score.title === null ? '' : ` "${score.title}"`;
  const head = `${label}: ${score.format}${title}, ${clock(score.durationSeconds)}, ${count(parts.length, 'part')}, ${count(score.noteCount, 'note')}\n`;
  const table = columns(
    parts.map((part) => [`  ${part.index}`, part.name, sound(part), count(part.noteCount, 'note'), keys(part)]),
  );
  return head + table + warnings.map(warningText).join('');
}

const count = (number: number, what: string) => `${number} ${what}${number === 1 ? '' : 's'}`;

function sound({ instrument, programs, percussion }: PartSummary): string {
  if (instrument?.name) return instrument.name;
  if (percussion) return 'drums';
  const numbers = instrument?.program != null ? [instrument.program] : programs;
  return numbers.length > 0 ? `program ${numbers.join(', ')}` : '-';
}

function keys({ lowestKey, highestKey }: PartSummary): string {
  return lowestKey === null || highestKey === null ? '' : `keys ${lowestKey} to ${highestKey}`;
}

export function warningText({ code, message, pointer }: Warning): string {
  return `  warning: ${pointer ? `${pointer}: ` : ''}${message} [${code}]\n`;
}

export function instrumentsText(instruments: readonly ListedInstrument[]): string {
  return columns(instruments.map(({ name, kind, group, origin }) => [name, kind, group ?? origin]));
}

export function optionsText(options: readonly ListedOption[]): string {
  return columns(
    options.map(({ name, takes, standard, about }) => [
      name,
      takes,
      standard === undefined ? '' : `= ${JSON.stringify(standard)}`,
      about,
    ]),
  );
}
