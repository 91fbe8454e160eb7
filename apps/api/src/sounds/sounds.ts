import { type Catalogue, type CatalogueConfig, openCatalogue } from '@musistrata/render-core';
import { folderSignature } from './folder-signature.js';

/** How long nobody looks at the folders again. */
const restMs = 1000;

/** What this server can play with. Follows the folders: processes that share them find what another one has put there. */
export class Sounds {
  #catalogue: Catalogue;
  #signature: string;
  #version = 0;
  #lookedAt = performance.now();
  /** What is done one after the other: the last to open the folders knows them best. */
  #last: Promise<unknown> = Promise.resolve();

  private constructor(
    readonly config: CatalogueConfig,
    catalogue: Catalogue,
    signature: string,
    private readonly onFault: (error: unknown) => void,
  ) {
    this.#catalogue = catalogue;
    this.#signature = signature;
  }

  /**
   * @param onFault is told when the folders have changed to something that cannot be opened; what was there before goes on being offered
   * @throws InstrumentError when the catalogue of the configuration cannot be used.
   */
  static async open(config: CatalogueConfig, onFault: (error: unknown) => void): Promise<Sounds> {
    const signature = await folderSignature(config);
    return new Sounds(config, await openCatalogue(config), signature, onFault);
  }

  get catalogue(): Catalogue {
    return this.#catalogue;
  }

  /** Grows whenever the catalogue changes: threads with a catalogue of their own open it anew then. */
  get version(): number {
    return this.#version;
  }

  /** Whether there is a sound font. */
  get ready(): boolean {
    return this.#catalogue.list().soundFonts.length > 0;
  }

  /** Takes in what was changed in the folders, looking there once a second at most. */
  async keepUp(): Promise<void> {
    if (performance.now() - this.#lookedAt < restMs) return;
    await this.look();
  }

  /** Looks at the folders now. @returns whether they had changed */
  look(): Promise<boolean> {
    return this.#inTurn(async () => {
      this.#lookedAt = performance.now();
      const signature = await folderSignature(this.config);
      if (signature === this.#signature) return false;
      // What cannot be opened is not tried again before it changes.
      this.#signature = signature;
      try {
        await this.#open();
        return true;
      } catch (error) {
        this.onFault(error);
        return false;
      }
    });
  }

  /**
   * Opens the folders anew.
   * @throws InstrumentError when they cannot be used as they are; what was there before goes on being offered
   */
  refresh(): Promise<void> {
    return this.#inTurn(async () => {
      this.#signature = await folderSignature(this.config);
      await this.#open();
    });
  }

  async #open(): Promise<void> {
    this.#catalogue = await openCatalogue(this.config);
    this.#version++;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }
}
