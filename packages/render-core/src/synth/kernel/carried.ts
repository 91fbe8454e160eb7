import { CARRIED } from '../voice-layout';

/** What a voice's last period leaves to the next batch, before the gains: `bytes` long, and zeros to the end of a vector. */
export function keep(voice: usize, from: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 16) v128.store(voice + at, v128.load(from + at), CARRIED);
  for (; bytes & 15; bytes += 4) store<f32>(voice + bytes, 0, CARRIED);
}

/** Puts it before the frames that follow; may write up to 3 frames more. */
export function recall(voice: usize, to: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 16) v128.store(to + at, v128.load(voice + at, CARRIED));
}
