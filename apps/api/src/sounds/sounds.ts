import { type Catalogue, type CatalogueConfig, openCatalogue } from '@musistrata/render-core';

/** What this server can play with. */
export class Sounds {
  #catalogue: Catalogue;
  #version = 0;

  private constructor(
    readonly config: CatalogueConfig,
    catalogue: Catalogue,
  ) {
    this.#catalogue = catalogue;
  }

  /** @throws InstrumentError when the catalogue of the configuration cannot be used. */
  static async open(config: CatalogueConfig): Promise<Sounds> {
    return new Sounds(config, await openCatalogue(config));
  }

  get catalogue(): Catalogue {
    return this.#catalogue;
  }

  /** Grows whenever the catalogue changes: threads with a catalogue of their own open it anew then. */
  get version(): number {
    return this.#version;
  }

  /** Takes in what was added to the folders. */
  async refresh(): Promise<void> {
    this.#catalogue = await openCatalogue(this.config);
    this.#version++;
  }

  /** Whether there is a sound font. */
  get ready(): boolean {
    return this.#catalogue.list().soundFonts.length > 0;
  }
}
