import { getAsset } from './assets.get.js';
import { getCapacity } from './capacity.get.js';
import { getDemo } from './demo.get.js';
import { getDocs, getErrorDocs } from './docs.get.js';
import { getHome } from './home.get.js';
import { listInstruments } from './instruments.get.js';
import { getLimits } from './limits.get.js';
import { getLiveness } from './livez.get.js';
import { getMetrics } from './metrics.get.js';
import { getOpenApi } from './openapi.get.js';
import { getReadiness } from './readyz.get.js';
import { deleteRender } from './render.delete.js';
import { getRender } from './render.get.js';
import { getRenderAudio } from './render-audio.get.js';
import { listDeliveries } from './render-deliveries.get.js';
import { watchRender } from './render-events.get.js';
import { getRenderMidi } from './render-midi.get.js';
import { getRenderPeaks } from './render-peaks.get.js';
import { getRenderStem } from './render-stem.get.js';
import { listRenderStems } from './render-stems.get.js';
import { getRenderStemsZip } from './render-stems-zip.get.js';
import { getRenderTiming } from './render-timing.get.js';
import { listRenders } from './renders.get.js';
import { createRender } from './renders.post.js';
import type { Route } from './route.js';
import { deleteSamples } from './samples.delete.js';
import { listSamples } from './samples.get.js';
import { uploadSamples } from './samples.post.js';
import { inspectScore } from './scores.post.js';
import { deleteSoundFont } from './soundfonts.delete.js';
import { listSoundFonts } from './soundfonts.get.js';
import { uploadSoundFont } from './soundfonts.post.js';

/** Every route, in the order of the documents. Fixed addresses stand before those with parameters that would match them. */
export const allRoutes: readonly Route[] = [
  createRender,
  listRenders,
  getRender,
  deleteRender,
  watchRender,
  getRenderAudio,
  listRenderStems,
  getRenderStemsZip,
  getRenderStem,
  getRenderTiming,
  getRenderPeaks,
  getRenderMidi,
  listDeliveries,
  inspectScore,
  listInstruments,
  listSoundFonts,
  uploadSoundFont,
  deleteSoundFont,
  listSamples,
  uploadSamples,
  deleteSamples,
  getLimits,
  getCapacity,
  getLiveness,
  getReadiness,
  getMetrics,
  getOpenApi,
  getHome,
  getDemo,
  getDocs,
  getErrorDocs,
  getAsset,
];
