import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { InstrumentError } from '../instrument-error.js';
import type { SampleCache } from '../samples/sample-cache.js';
import type { SampleInstrument } from '../samples/sample-instrument.js';
import type { PresetNumber, SoundSource } from '../sound-source.js';
import type { FontFile } from './font-files.js';
import type { InstrumentReference } from './instrument-names.js';

const MEBIBYTE = 1024 * 1024;
const RECENT_MILLISECONDS = 1000;

/** Loads a sound font file: where the memory of the samples is depends on the process. */
export type FontLoader = (path: string, name: string) => Promise<SoundSource>;

/** A source with the preset to play on it, as a reference asks. */
export interface LoadedSound {
  readonly source: SoundSource;
  readonly preset: PresetNumber | null;
}

export interface SourceLoaderOptions {
  readonly fonts: readonly FontFile[];
  readonly loadFont: FontLoader;
  readonly sampleCacheBytes: number | undefined;
  readonly fontCacheBytes: number | undefined;
  /** What a layer plays. */
  readonly referenceOf: (instrument: string | number) => InstrumentReference;
}

/** Turns references into sources: on first use, once, within bounds of memory. */
export class SourceLoader {
  private readonly sources = new Map<string, Promise<SoundSource>>();
  /** Fonts in use, the longest unused first. */
  private readonly fonts = new Map<string, Promise<SoundSource>>();
  private readonly digests = new Map<string, Promise<string>>();
  /** Digests of files that were looked at a moment ago, by path. */
  private readonly recent = new Map<string, { readonly digest: Promise<string>; readonly until: number }>();
  private samples: SampleCache | null = null;

  constructor(private readonly options: SourceLoaderOptions) {}

  /** `font` plays references that name none. Throws InstrumentError for instruments that turn out to be unusable. */
  async load(reference: InstrumentReference, font: FontFile | null): Promise<LoadedSound> {
    if (reference.type === 'preset') {
      const own = this.fontOf(reference, font);
      return { source: await this.loadFont(own), preset: reference.preset };
    }
    return { source: await this.loadSource(reference, font), preset: null };
  }

  /** Digest of what {@link load} would give, without loading the samples of fonts. */
  async identity(reference: InstrumentReference, font: FontFile | null): Promise<string> {
    if (reference.type === 'preset') {
      return JSON.stringify([await this.fontDigest(this.fontOf(reference, font)), reference.preset]);
    }
    if (reference.type !== 'layers') return (await this.loadSource(reference, font)).identity;
    const layers = await Promise.all(
      reference.definition.layers.map((layer) => this.identity(this.options.referenceOf(layer.instrument), font)),
    );
    return digest([reference.definition.layers, layers]);
  }

  /** The same of what {@link load} has given, whatever has become of the files since. */
  async loadedIdentity(reference: InstrumentReference, font: FontFile | null, source: SoundSource): Promise<string> {
    if (reference.type === 'preset') return JSON.stringify([source.identity, reference.preset]);
    return reference.type === 'layers' ? this.identity(reference, font) : source.identity;
  }

  private fontOf(reference: InstrumentReference & { type: 'preset' }, font: FontFile | null): FontFile {
    const own =
      reference.soundFont === null ? font : this.options.fonts.find(({ name }) => name === reference.soundFont);
    if (own) return own;
    throw new InstrumentError('unknown-instrument', 'There is no sound font to play General MIDI instruments with.');
  }

  private async loadFont(font: FontFile): Promise<SoundSource> {
    const loading = this.fonts.get(font.path) ?? this.options.loadFont(font.path, font.name);
    this.fonts.delete(font.path);
    this.fonts.set(font.path, loading);
    this.forgetFonts();
    try {
      return await loading;
    } catch (error) {
      this.fonts.delete(font.path);
      throw isMissing(error) ? gone(font) : error;
    }
  }

  /** Fonts that are forgotten here stay with the renders that use them. */
  private forgetFonts(): void {
    const most = this.options.fontCacheBytes ?? 512 * MEBIBYTE;
    const sizes = new Map(this.options.fonts.map(({ path, bytes }) => [path, bytes]));
    let bytes = 0;
    for (const path of [...this.fonts.keys()].reverse()) {
      bytes += sizes.get(path) ?? 0;
      if (bytes > most && path !== [...this.fonts.keys()].at(-1)) this.fonts.delete(path);
    }
  }

  private loadSource(reference: InstrumentReference, font: FontFile | null): Promise<SoundSource> {
    // Layers may use the font of the request: each font makes its own.
    const key = JSON.stringify([reference, reference.type === 'layers' ? font?.path : null]);
    let loading = this.sources.get(key);
    if (loading === undefined) {
      loading = this.create(reference, font);
      // A folder that could not be read may have been mended by the next time.
      loading.catch(() => this.sources.delete(key));
      if (reference.type !== 'layers') this.sources.set(key, loading);
    }
    return loading;
  }

  /** Kinds of sources are loaded when one is wanted: most renders play a sound font and nothing else. */
  private async create(reference: InstrumentReference, font: FontFile | null): Promise<SoundSource> {
    switch (reference.type) {
      case 'formula': {
        const { FormulaSource } = await import('../formula/formula-source.js');
        return new FormulaSource(reference.definition);
      }
      case 'samples': {
        const { readSampleFolder } = await import('../samples/read-folder.js');
        return this.sampleSource(await readSampleFolder(reference.folder, reference.name));
      }
      case 'sfz': {
        const { readSfz } = await import('../sfz/read-sfz.js');
        return this.sampleSource(await readSfz(reference.file, reference.name, reference.root));
      }
      case 'layers': {
        const { LayeredSource } = await import('../layers/layered-source.js');
        const layers = await Promise.all(
          reference.definition.layers.map(async (definition) => ({
            definition,
            ...(await this.load(this.options.referenceOf(definition.instrument), font)),
          })),
        );
        return new LayeredSource(reference.definition.name, layers);
      }
      default:
        throw new TypeError('fonts are loaded elsewhere');
    }
  }

  private async sampleSource(instrument: SampleInstrument): Promise<SoundSource> {
    const [{ SampleCache }, { SampleSource }] = await Promise.all([
      import('../samples/sample-cache.js'),
      import('../samples/sample-source.js'),
    ]);
    this.samples ??= new SampleCache(this.options.sampleCacheBytes ?? 256 * MEBIBYTE);
    return new SampleSource(instrument, this.samples);
  }

  /** SHA-256 of a font file; for a second without looking at the file again, which would cost every submission a stat. */
  private fontDigest(font: FontFile): Promise<string> {
    const { path } = font;
    const now = performance.now();
    const recent = this.recent.get(path);
    if (recent !== undefined && now < recent.until) return recent.digest;
    const digest = this.presentDigest(path).catch((error: unknown) => {
      throw isMissing(error) ? gone(font) : error;
    });
    digest.catch(() => this.recent.delete(path));
    this.recent.set(path, { digest, until: now + RECENT_MILLISECONDS });
    return digest;
  }

  /** SHA-256 of a file, remembered as long as its size and time stay the same. */
  private async presentDigest(path: string): Promise<string> {
    const { size, mtimeMs } = await stat(path);
    const key = JSON.stringify([path, size, mtimeMs]);
    let known = this.digests.get(key);
    if (known === undefined) {
      known = digestFile(path);
      known.catch(() => this.digests.delete(key));
      this.digests.set(key, known);
    }
    return known;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** Fonts may be deleted while their catalogue is in use. */
function gone({ name }: FontFile): InstrumentError {
  return new InstrumentError('unknown-sound-font', `The sound font "${name}" is not there any more.`);
}

async function digestFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
