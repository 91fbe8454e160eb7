import type { Crossfade, FadeRange } from '../samples/crossfade.js';
import type { SfzValues } from './sfz-values.js';

/** Fades over keys: `xfin_lokey` to `xfin_hikey`, `xfout_lokey` to `xfout_hikey`, `xf_keycurve`. */
export function readKeyFade(values: SfzValues, shift: number): Crossfade | null {
  return readFade(values, 'key', (name) => (values.text(name) === null ? null : values.key(name, 0) + shift));
}

/** The same over velocities. */
export function readVelocityFade(values: SfzValues): Crossfade | null {
  return readFade(values, 'vel', (name) => (values.text(name) === null ? null : values.number(name, 0, 127, 0)));
}

function readFade(values: SfzValues, what: string, read: (name: string) => number | null): Crossfade | null {
  const fadeIn = range(read(`xfin_lo${what}`), read(`xfin_hi${what}`), 'low');
  const fadeOut = range(read(`xfout_lo${what}`), read(`xfout_hi${what}`), 'high');
  const curve = values.choice([`xf_${what}curve`], ['power', 'gain'], 'power');
  return fadeIn === null && fadeOut === null ? null : { fadeIn, fadeOut, curve };
}

/** A missing end is the end of the scale; ends in the wrong order meet at the one on that side. */
function range(low: number | null, high: number | null, side: 'low' | 'high'): FadeRange | null {
  if (low === null && high === null) return null;
  const from = low ?? (side === 'low' ? 0 : high!);
  const to = high ?? (side === 'low' ? low! : 127);
  return side === 'low' ? { from, to: Math.max(from, to) } : { from: Math.min(from, to), to };
}
