/** A MusiStrata song of `bars` bars of four beats at tempo 120: two seconds each. */
export function scale(bars: number, instrument = 'Acoustic Grand Piano'): string {
  const names = ['C', 'D', 'E', 'F', 'G', 'A', 'B'];
  const bar = (number: number) => ({
    SoundEvents: [0, 1, 2, 3].map((beat) => ({
      Beat: beat,
      Duration: 1,
      Note: { Name: names[(number + beat) % names.length], Octave: 5 },
      Velocity: 70,
    })),
  });
  const track = (name: string) => ({
    Name: name,
    Instrument: instrument,
    Bars: Array.from({ length: bars }, (_, n) => bar(n)),
  });
  return JSON.stringify({ Tempo: 120, BeatsPerBar: 4, Tracks: [track('Right hand'), track('Left/hand')] });
}
