import type { Part } from '../performance.js';
import { MELODIC_CHANNELS, PERCUSSION_CHANNEL, type Preset } from './preset.js';

/** Where a part goes. */
export interface Channel {
  readonly port: number;
  /** 1-16. */
  readonly channel: number;
}

/**
 * Gives every part a channel. Parts that have one keep it. Melodic parts get channels of their own, fifteen to a port; drums get channel 10, shared by
 * those that use the same kit.
 */
export function planChannels(parts: readonly Part[], presets: readonly (Preset | null)[]): Channel[] {
  const taken = new Set<string>();
  for (const part of parts) if (part.channel !== null) taken.add(`${part.port}:${part.channel}`);
  const kits = new Map<string, Channel>();
  const free = (channels: readonly number[]): Channel => {
    for (let port = 0; ; port++)
      for (const channel of channels)
        if (!taken.has(`${port}:${channel}`)) {
          taken.add(`${port}:${channel}`);
          return { port, channel };
        }
  };
  return parts.map((part, index) => {
    if (part.channel !== null) return { port: part.port, channel: part.channel };
    if (!part.percussion) return free(MELODIC_CHANNELS);
    const kit = `${presets[index]?.bank}:${presets[index]?.program}`;
    const channel = kits.get(kit) ?? free([PERCUSSION_CHANNEL]);
    kits.set(kit, channel);
    return channel;
  });
}
