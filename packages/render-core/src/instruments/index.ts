export { Catalogue, type CatalogueConfig, openCatalogue } from './catalogue/catalogue.js';
export { type CatalogueFile, catalogueFileSchema } from './catalogue/catalogue-file.js';
export type { CatalogueListing, ListedFont, ListedInstrument } from './catalogue/describe-catalogue.js';
export { fontName, listFontFiles } from './catalogue/font-files.js';
export { type FontPreset, readFontPresets } from './catalogue/font-presets.js';
export { readSamplesThrough } from './catalogue/read-samples-through.js';
export type { InstrumentOptions, Plan, PlannedPart } from './catalogue/resolve-parts.js';
export { listSampleSets, readSampleSet, type SampleReference, type SampleSet } from './catalogue/sample-folders.js';
export type { FontLoader } from './catalogue/source-loader.js';
export { type StandardCatalogueSettings, standardCatalogue } from './catalogue/standard-catalogue.js';
export { type FormulaDefinition, formulaDefinitionSchema } from './formula/formula-definition.js';
export { FormulaSource } from './formula/formula-source.js';
export { FORMULA_NAMES } from './formula/functions.js';
export { FORMULA_LIMITS, parseFormula } from './formula/parser.js';
export { DEFAULT_SYNTH, DEFAULT_SYNTH_SEED, TEST_SYNTH, TEST_SYNTH_SEED } from './formula/seed-recipes.js';
export { FormulaError } from './formula/tokens.js';
export { type Humanization, humanize } from './humanize.js';
export {
  INSTRUMENT_ERROR_CODES,
  InstrumentError,
  type InstrumentErrorCode,
  type InstrumentFault,
} from './instrument-error.js';
export { type Layer, LayeredSource } from './layers/layered-source.js';
export { type LayersDefinition, layersDefinitionSchema } from './layers/layers-definition.js';
export { type FolderDefinition, folderDefinitionSchema } from './samples/folder-definition.js';
export { readSampleFolder } from './samples/read-folder.js';
export { resample } from './samples/resampler.js';
export { SampleCache } from './samples/sample-cache.js';
export { SampleSource } from './samples/sample-source.js';
export { type Channels, decodeWav } from './samples/wav-decoder.js';
export { readWavHeader, type SampleLoop, type WavHeader } from './samples/wav-header.js';
export { readSfz } from './sfz/read-sfz.js';
export { INSTRUMENT_WARNING_CODES, type InstrumentWarningCode } from './warning-codes.js';
