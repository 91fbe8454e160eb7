import type { Mixer } from '../mix/mixer.js';
import { type RenderOptions, renderOptionsSchema } from '../options/render-options.js';
import type { RenderWarning } from './warning-codes.js';

type Sent = Pick<Mixer, 'hasSent' | 'silentSenders'>;
type Settings = Pick<RenderOptions, 'reverb' | 'chorus'>;

const usual = renderOptionsSchema.parse({});
const mostNames = 5;

/**
 * What a request has set about the score-wide effects in vain, because nothing was sent to them: who asks for a larger room and hears none should
 * know why. Whoever switches them off gets what they want. To be asked after the last block.
 */
export function withoutEffect(mixer: Sent, options: Settings): RenderWarning[] {
  return [...aboutEffect(mixer, options, 'reverb'), ...aboutEffect(mixer, options, 'chorus')];
}

function aboutEffect(mixer: Sent, options: Settings, effect: 'reverb' | 'chorus'): RenderWarning[] {
  const instead = `An effect of type ${effect} in parts or master does.`;
  const settings = options[effect];
  const isSet = settings.level > 0 && JSON.stringify(settings) !== JSON.stringify(usual[effect]);
  if (isSet && !mixer.hasSent(effect))
    return warning(
      `/${effect}`,
      `${effect} changes nothing: no part sends to it, as MusiStrata songs do not. ${instead}`,
    );
  const send = `${effect}Send` as const;
  const parts = mixer.silentSenders(effect).filter((part) => part[send] !== 1 && part[send] > 0);
  if (parts.length === 0) return [];
  const names = parts.slice(0, mostNames).map(({ part }) => part.name);
  const more = parts.length > mostNames ? ` and ${parts.length - mostNames} more` : '';
  return warning(
    '/parts',
    `${send} changes nothing for ${names.join(', ')}${more}: no sound is sent that it could change. ${instead}`,
  );
}

function warning(pointer: string, message: string): RenderWarning[] {
  return [{ code: 'option-without-effect', message, pointer }];
}
