import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { jsonPointer, schemaFaults } from '../../faults/schema-faults.js';
import { InstrumentError, type InstrumentFault } from '../instrument-error.js';
import type { EnvelopeShape } from '../playing/envelope.js';
import { confinedPath } from './confined-path.js';
import { type FolderDefinition, folderDefinitionSchema, type SampleEntry } from './folder-definition.js';
import { spreadKeys } from './key-ranges.js';
import { readSampleFile } from './read-sample-file.js';
import type { Region } from './region.js';
import type { SampleFile } from './sample-file.js';
import type { SampleInstrument } from './sample-instrument.js';
import { parseKey, parseSampleName, type SampleName } from './sample-name.js';

const MOST_FILES = 4096;
/** Bytes of an `instrument.json`. */
const LARGEST_DEFINITION = 1024 * 1024;

interface PlacedSample {
  readonly entry: SampleEntry;
  readonly file: SampleFile;
  readonly rootKey: number;
}

/**
 * Reads a folder of WAV samples: by its `instrument.json` if that lists samples, otherwise by the names of its files. Only headers are
 * kept. Throws InstrumentError `invalid-sample-folder` with everything that is wrong.
 */
export async function readSampleFolder(folder: string, name: string): Promise<SampleInstrument> {
  const definition = await readDefinition(folder, name);
  const entries = definition.samples ?? (await entriesByName(folder, name, definition));
  const placed = await placeSamples(folder, name, definition, entries);
  const regions = buildRegions(definition, placed);
  const digests = placed.map(({ entry, file, rootKey }) => [{ ...entry, file: file.digest }, rootKey]);
  const { samples: _, ...settings } = definition;
  const identity = createHash('sha256')
    .update(JSON.stringify(['folder', 1, settings, digests]))
    .digest('hex');
  return { name, regions, switches: null, warnings: [], identity };
}

async function readDefinition(folder: string, name: string): Promise<FolderDefinition> {
  const path = await confinedPath(folder, 'instrument.json');
  if (path === null) return folderDefinitionSchema.parse({});
  const bytes = await readFile(path);
  if (bytes.length > LARGEST_DEFINITION)
    throw invalid(name, [{ pointer: '', message: 'instrument.json is too large' }]);
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw invalid(name, [{ pointer: '', message: `instrument.json is not JSON: ${String(error)}` }]);
  }
  const parsed = folderDefinitionSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw invalid(name, documentFaults(folderDefinitionSchema, json, parsed.error));
}

async function entriesByName(folder: string, name: string, definition: FolderDefinition): Promise<SampleEntry[]> {
  const present = await readdir(folder).catch(() => {
    throw invalid(name, [{ pointer: '', message: 'it is not there any more' }]);
  });
  const files = present.filter((file) => /\.wav$/i.test(file) && !file.startsWith('.')).sort();
  const middleC = Number(definition.middleC.slice(1));
  const named = files.flatMap((file) => {
    const parsed = parseSampleName(file, middleC);
    return parsed === null ? [] : [{ file, parsed }];
  });
  const own = named.filter(({ parsed }) => parsed.prefix === name);
  const used = own.length > 0 ? own : named;
  const prefixes = new Set(used.map(({ parsed }) => parsed.prefix));
  if (used.length === 0) {
    throw invalid(name, [{ pointer: '', message: `no file is named like ${name}_60.wav or ${name}_C4.wav` }]);
  }
  if (prefixes.size > 1) {
    const list = [...prefixes].slice(0, 5).join(', ');
    throw invalid(name, [
      { pointer: '', message: `files of several instruments (${list}), none of them called ${name}` },
    ]);
  }
  if (used.length > MOST_FILES) throw invalid(name, [{ pointer: '', message: `more than ${MOST_FILES} samples` }]);
  const all = used.map(({ parsed }) => parsed);
  return used.map(({ file, parsed }) => entryFor(file, parsed, all));
}

/** Layers of one key share the velocities 1-127: each starts above the next lower one, and the highest reaches 127. */
function entryFor(file: string, own: SampleName, all: readonly SampleName[]): SampleEntry {
  const tops = all.filter(({ key }) => key === own.key).map(({ highVelocity }) => highVelocity ?? 127);
  const top = own.highVelocity ?? 127;
  const below = Math.max(0, ...tops.filter((other) => other < top));
  return {
    file,
    key: own.key,
    lowVelocity: below + 1,
    highVelocity: top === Math.max(...tops) ? 127 : top,
    roundRobin: own.roundRobin,
    tuneCents: 0,
    gainDb: 0,
  };
}

async function placeSamples(
  folder: string,
  name: string,
  definition: FolderDefinition,
  entries: readonly SampleEntry[],
): Promise<PlacedSample[]> {
  const faults: InstrumentFault[] = [];
  const placed: PlacedSample[] = [];
  const middleC = Number(definition.middleC.slice(1));
  for (const [index, entry] of entries.entries()) {
    const pointer = definition.samples === undefined ? entry.file : `/samples/${index}`;
    try {
      const file = await readSampleFile(folder, entry.file, definition.normalize);
      const key = typeof entry.key === 'string' ? parseKey(entry.key, middleC) : entry.key;
      const rootKey = key ?? file.header.unityKey;
      if (rootKey === null)
        faults.push({ pointer, message: `${entry.file} has no key, neither here nor in a smpl chunk` });
      else placed.push({ entry, file, rootKey });
      const { loop } = entry;
      if (loop && (loop.start >= loop.end || loop.end > file.header.frames)) {
        faults.push({
          pointer: `${pointer}/loop`,
          message: `does not fit the ${file.header.frames} frames of ${entry.file}`,
        });
      }
    } catch (error) {
      if (!(error instanceof InstrumentError)) throw error;
      faults.push({ pointer, message: error.message });
    }
  }
  if (faults.length > 0) throw invalid(name, faults);
  return placed;
}

function buildRegions(definition: FolderDefinition, placed: readonly PlacedSample[]): Region[] {
  const ranges = spreadKeys(placed.map(({ rootKey }) => Math.round(rootKey)));
  const envelope: EnvelopeShape = {
    rampSeconds: definition.attackSeconds,
    delaySeconds: 0,
    attackSeconds: 0,
    holdSeconds: 0,
    decaySeconds: 0,
    sustain: 1,
    releaseSeconds: definition.releaseSeconds,
    releaseCurve: 'linear',
  };
  return placed.map(({ entry, file, rootKey }) => {
    const [lowKey, highKey] = ranges.get(Math.round(rootKey))!;
    const turns = placed.filter(
      (other) => other.rootKey === rootKey && other.entry.highVelocity === entry.highVelocity,
    );
    const order = turns
      .sort((a, b) => a.entry.roundRobin - b.entry.roundRobin)
      .findIndex((other) => other.file === file);
    const own = definition.loop && entry.loop === undefined ? file.header.loop : null;
    const loop = entry.loop ? entry.loop : own;
    return {
      sample: file,
      lowKey: entry.lowKey ?? lowKey,
      highKey: entry.highKey ?? highKey,
      lowVelocity: entry.lowVelocity,
      highVelocity: entry.highVelocity,
      rootKey,
      keyTrack: 100,
      tuneCents: definition.tuneCents + entry.tuneCents,
      pitchVelocityTrack: 0,
      bend: null,
      gainDb: definition.gainDb + entry.gainDb,
      levelKeyTrack: 0,
      levelKeyCenter: 60,
      pan: 0,
      velocityTrack: 1,
      keyFade: null,
      velocityFade: null,
      offset: 0,
      end: file.header.frames,
      loopMode: loop === null ? 'none' : 'continuous',
      loop,
      envelope,
      filter: null,
      motion: null,
      wheelVibrato: true,
      pressureVibrato: true,
      trigger: 'attack',
      sequenceLength: turns.length,
      sequencePosition: order + 1,
      lowRandom: 0,
      highRandom: 1,
      group: null,
      offBy: null,
      offMode: 'fast',
      switchKey: null,
      releaseDecay: 0,
    };
  });
}

/** Faults of a document, as JSON pointers. */
export function documentFaults(schema: z.ZodType, document: unknown, error: z.ZodError): InstrumentFault[] {
  return schemaFaults(schema, document, error.issues).map(({ path, message }) => ({
    pointer: jsonPointer(path),
    message,
  }));
}

function invalid(name: string, faults: readonly InstrumentFault[]): InstrumentError {
  const list = faults
    .slice(0, 5)
    .map(({ pointer, message }) => (pointer === '' ? message : `${pointer}: ${message}`).replace(/\.$/, ''))
    .join('; ');
  return new InstrumentError('invalid-sample-folder', `The sample folder ${name} cannot be used: ${list}.`, faults);
}
