const note = (beat) => ({ Beat: beat, Duration: 1, Note: { Name: ['C', 'E', 'G', 'B'][beat % 4], Octave: 5 } });

/** A piano piece of so many seconds, as a MusiStrata song with one note a second; every seed is another one. */
export function piece(seconds, seed) {
  return {
    Tempo: 60,
    BeatsPerBar: 4,
    Tracks: [
      {
        Name: `Piece ${seed}`,
        Instrument: 'Acoustic Grand Piano',
        Bars: Array.from({ length: Math.ceil(seconds / 4) }, (_, bar) => ({
          SoundEvents: [0, 1, 2, 3].filter((beat) => bar * 4 + beat < seconds).map(note),
        })),
      },
    ],
  };
}
