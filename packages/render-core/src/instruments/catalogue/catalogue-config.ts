/** Where a catalogue finds its instruments: plain data, so that it can be handed to worker threads. */
export interface CatalogueConfig {
  /** Folder of sound fonts (.sf2, .sf3, .dls), with its subfolders. */
  readonly soundFontFolder?: string;
  /** Further folders whose fonts are offered where the names are free, such as /usr/share/sounds. */
  readonly systemFolders?: readonly string[];
  /** Path of the font that plays General MIDI names and program changes unless a request names another; null plays none of these. */
  readonly defaultSoundFont: string | null;
  /** Folder whose subfolders are sample instruments. */
  readonly samplesFolder?: string;
  /** Sample folders elsewhere that count as subfolders of the samples folder: what a catalogue would be with them. */
  readonly addedSamples?: readonly string[];
  /** Paths in the folders of fonts and samples that count as not being there: what a catalogue would be without them. */
  readonly omitted?: readonly string[];
  /** Catalogue files (JSON). */
  readonly catalogueFiles?: readonly string[];
  /** Bytes of decoded samples to keep in memory for sample instruments; 256 MiB by default. */
  readonly sampleCacheBytes?: number;
  /** Bytes of sound font files to keep loaded; 512 MiB by default. */
  readonly fontCacheBytes?: number;
}
