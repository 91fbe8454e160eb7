import type { Addressed } from './change.js';
import { decodeRoland } from './roland-exclusive.js';
import { decodeUniversal } from './universal-exclusive.js';
import { decodeYamaha } from './yamaha-exclusive.js';

/**
 * What a system exclusive message asks for; nothing when it is for a device that is not imitated.
 * @param data from the maker's byte to the one before F7
 */
export function decodeExclusive(data: Uint8Array): Addressed[] {
  // A byte over 127 inside the message is damage.
  for (const byte of data) if (byte > 127) return [];
  switch (data[0]) {
    case 0x7e:
    case 0x7f:
      return decodeUniversal(data);
    case 0x41:
      return decodeRoland(data);
    case 0x43:
      return decodeYamaha(data);
    default:
      return [];
  }
}
