import { PartRenderer } from '../playing/part-renderer.js';
import type { PartAssignment, SoundSource, SourceContext, SourceRenderer } from '../sound-source.js';
import type { SampleCache } from './sample-cache.js';
import type { SampleInstrument } from './sample-instrument.js';
import { SamplePlayer } from './sample-player.js';

/** An instrument made of recordings: a sample folder or an SFZ file. */
export class SampleSource implements SoundSource {
  readonly kind = 'samples';
  readonly name: string;
  readonly identity: string;

  /** Samples are decoded when parts are opened that need them, through the cache. */
  constructor(
    readonly instrument: SampleInstrument,
    private readonly cache: SampleCache,
  ) {
    this.name = instrument.name;
    this.identity = instrument.identity;
  }

  /** Throws InstrumentError `invalid-sample` when a file has changed since it was catalogued. */
  open(parts: readonly PartAssignment[], context: SourceContext): SourceRenderer {
    for (const warning of this.instrument.warnings) context.warn(warning);
    return new PartRenderer(
      parts,
      context,
      ({ part }, schedule) => new SamplePlayer(this.instrument, this.cache, part, schedule, context),
    );
  }
}
