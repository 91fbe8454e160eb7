import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { formulaDefinitionSchema } from '../formula/formula-definition.js';
import { InstrumentError, type InstrumentFault } from '../instrument-error.js';
import { layersDefinitionSchema } from '../layers/layers-definition.js';
import { documentFaults } from '../samples/read-folder.js';

const LARGEST_FILE = 16 * 1024 * 1024;
const name = z.string().min(1).max(200);

const presetDefinitionSchema = z
  .strictObject({
    type: z.literal('preset'),
    name,
    soundFont: name.optional().describe('Catalogue name of a sound font; by default the one that the request uses.'),
    bank: z.int().min(0).max(16383).default(0),
    program: z.int().min(0).max(127),
    percussion: z.boolean().default(false),
  })
  .describe('A name of your own for a preset of a sound font.');

const samplesDefinitionSchema = z
  .strictObject({
    type: z.literal('samples'),
    name,
    folder: z.string().min(1).max(1000).describe('Folder of WAV samples, relative to this file.'),
  })
  .describe('A folder of samples outside the samples folder.');

const sfzDefinitionSchema = z
  .strictObject({
    type: z.literal('sfz'),
    name,
    file: z.string().min(1).max(1000).describe('SFZ file, relative to this file.'),
    root: z
      .string()
      .min(1)
      .max(1000)
      .optional()
      .describe(
        'Folder that its samples and includes must be in, relative to this file; by default that of the SFZ file.',
      ),
  })
  .describe('An SFZ instrument.');

/** A catalogue file. */
export const catalogueFileSchema = z
  .strictObject({
    $schema: z.string().max(1000).optional(),
    instruments: z
      .array(
        z.discriminatedUnion('type', [
          formulaDefinitionSchema,
          layersDefinitionSchema,
          presetDefinitionSchema,
          samplesDefinitionSchema,
          sfzDefinitionSchema,
        ]),
      )
      .max(10_000),
  })
  .describe('Instruments that a server offers by name.');

export type CatalogueFile = z.output<typeof catalogueFileSchema>;
export type InstrumentDefinition = CatalogueFile['instruments'][number];

/**
 * Reads a catalogue file and makes its paths absolute. Throws InstrumentError `invalid-catalogue` with a JSON pointer for every fault.
 */
export async function readCatalogueFile(path: string): Promise<InstrumentDefinition[]> {
  const json = await readJson(path);
  const parsed = catalogueFileSchema.safeParse(json);
  if (!parsed.success) throw invalid(path, documentFaults(catalogueFileSchema, json, parsed.error));
  const folder = dirname(resolve(path));
  return parsed.data.instruments.map((instrument) => {
    if (instrument.type === 'samples') return { ...instrument, folder: resolve(folder, instrument.folder) };
    if (instrument.type === 'sfz') {
      const file = resolve(folder, instrument.file);
      return {
        ...instrument,
        file,
        root: instrument.root === undefined ? dirname(file) : resolve(folder, instrument.root),
      };
    }
    return instrument;
  });
}

async function readJson(path: string): Promise<unknown> {
  try {
    const { size } = await stat(path);
    if (size > LARGEST_FILE) throw new Error(`it has ${size} bytes, the limit is ${LARGEST_FILE}`);
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw invalid(path, [{ pointer: '', message: error instanceof Error ? error.message : String(error) }]);
  }
}

function invalid(path: string, faults: readonly InstrumentFault[]): InstrumentError {
  const list = faults.map(({ pointer, message }) => `${pointer || '/'}: ${message}`).join('; ');
  return new InstrumentError('invalid-catalogue', `The catalogue ${path} cannot be used: ${list}.`, faults);
}
