import type { SharedSoundFont } from '../../instruments/sound-font.js';

/** From a render thread to the font thread. */
export interface FontRequest {
  readonly id: number;
  readonly path: string;
  readonly name: string;
}

/** The answer, on the same port. */
export type FontReply =
  | { readonly id: number; readonly font: SharedSoundFont }
  | { readonly id: number; readonly error: { readonly message: string; readonly code: string | null } };
