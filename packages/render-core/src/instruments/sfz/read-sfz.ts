import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { InstrumentError, type InstrumentFault } from '../instrument-error.js';
import { readSampleFile } from '../samples/read-sample-file.js';
import type { Region } from '../samples/region.js';
import type { SampleFile } from '../samples/sample-file.js';
import type { KeySwitches, SampleInstrument } from '../samples/sample-instrument.js';
import type { InstrumentWarningCode } from '../warning-codes.js';
import { buildRegion, isPlayable, keyOffset } from './sfz-region.js';
import { parseSections, type SfzSection } from './sfz-sections.js';
import { readSfzLines } from './sfz-text.js';
import { SfzValues } from './sfz-values.js';

const MOST_FAULTS = 100;
const MOST_SAMPLES = 10_000;

/**
 * Reads an SFZ file. Samples and includes must be in `root`, by default the folder of the file. Opcodes that are not understood are warnings.
 * Throws InstrumentError `invalid-sfz` with everything that is wrong: missing or unreadable samples, values that are none.
 */
export async function readSfz(file: string, name: string, root = dirname(file)): Promise<SampleInstrument> {
  return new SfzReader(file, name, root).read();
}

class SfzReader {
  private readonly faults: InstrumentFault[] = [];
  private readonly ignored = new Set<string>();
  private readonly samples = new Map<string, SampleFile | null>();

  constructor(
    private readonly file: string,
    private readonly name: string,
    private readonly root: string,
  ) {}

  async read(): Promise<SampleInstrument> {
    const path = await realpath(this.file).catch(() => {
      throw this.invalid([{ pointer: this.file, message: 'the file is missing' }]);
    });
    const folder = dirname(path);
    const sections = parseSections(await readSfzLines(path, folder, this.root));
    const regions: Region[] = [];
    let switches: KeySwitches | null = null;
    for (const section of sections) {
      const values = new SfzValues(section.opcodes);
      const control = new SfzValues(section.control);
      switches = readSwitches(values, keyOffset(control)) ?? switches;
      const region = await this.region(section, values, control, folder);
      if (region !== null) regions.push(region);
    }
    if (this.faults.length > 0) throw this.invalid(this.faults);
    if (regions.length === 0)
      throw this.invalid([{ pointer: basename(path), message: 'there is no region with a sample' }]);
    const described = regions.map(({ sample, ...rest }) => ({ ...rest, sample: sample.digest }));
    const identity = createHash('sha256')
      .update(JSON.stringify(['sfz', 1, described, switches]))
      .digest('hex');
    return { name: this.name, regions, switches, warnings: this.warnings(), identity };
  }

  private async region(
    section: SfzSection,
    values: SfzValues,
    control: SfzValues,
    folder: string,
  ): Promise<Region | null> {
    const sampleName = values.text('sample');
    if (!isPlayable(values, control) || sampleName === null) return null;
    if (sampleName.startsWith('*')) {
      if (sampleName !== '*silence') this.ignored.add(`sample=${sampleName}`);
      return null;
    }
    const path = (control.text('default_path') ?? '') + sampleName;
    const sample = await this.sample(path, folder, section.place);
    if (sample === null) return null;
    const region = buildRegion(values, sample, keyOffset(control));
    values.text(
      'sw_lokey',
      'sw_hikey',
      'sw_default',
      'sw_label',
      'group_label',
      'region_label',
      'master_label',
      'global_label',
    );
    for (const message of values.faults) this.fault(section.place, message);
    for (const opcode of values.unknown()) if (this.ignored.size < 1000) this.ignored.add(opcode);
    return region;
  }

  private async sample(name: string, folder: string, place: string): Promise<SampleFile | null> {
    const known = this.samples.get(name);
    if (known !== undefined) return known;
    let sample: SampleFile | null = null;
    try {
      if (this.samples.size >= MOST_SAMPLES)
        throw new InstrumentError('invalid-sfz', `more than ${MOST_SAMPLES} samples`);
      sample = await readSampleFile(this.root, name, false, folder);
    } catch (error) {
      if (!(error instanceof InstrumentError)) throw error;
      this.fault(place, error.message);
    }
    this.samples.set(name, sample);
    return sample;
  }

  private fault(pointer: string, message: string): void {
    if (this.faults.length < MOST_FAULTS) this.faults.push({ pointer, message });
  }

  private warnings() {
    if (this.ignored.size === 0) return [];
    const list = [...this.ignored].sort();
    const shown = list.slice(0, 20).join(', ') + (list.length > 20 ? ` and ${list.length - 20} more` : '');
    const code: InstrumentWarningCode = 'sfz-opcode-ignored';
    return [{ code, message: `"${this.name}" uses SFZ opcodes that are ignored: ${shown}.` }];
  }

  private invalid(faults: readonly InstrumentFault[]): InstrumentError {
    const list = faults
      .slice(0, 5)
      .map(({ pointer, message }) => `${pointer}: ${message.replace(/\.$/, '')}`)
      .join('; ');
    return new InstrumentError('invalid-sfz', `The SFZ instrument ${this.name} cannot be used: ${list}.`, faults);
  }
}

function readSwitches(values: SfzValues, shift: number): KeySwitches | null {
  if (values.text('sw_lokey') === null && values.text('sw_hikey') === null) return null;
  const initial = values.text('sw_default') === null ? null : values.key('sw_default', 0) + shift;
  return { lowKey: values.key('sw_lokey', 0) + shift, highKey: values.key('sw_hikey', 127) + shift, initial };
}
