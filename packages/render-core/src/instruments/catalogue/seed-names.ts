/** The sample instruments of the first version of this system, with the General MIDI program that is closest to what the name says. */
export const SEED_SAMPLE_NAMES: Readonly<Record<string, number>> = {
  Acoustic_Guitar: 24,
  Amplified_Cello_Quartet_Tremmy: 44,
  Amplified_Cello_Quartet_Wobbly: 42,
  Analog_Bell: 14,
  Bellish: 9,
  Celeste: 8,
  Clock: 115,
  Close_Grand_Piano: 0,
  Concert_Clarinet: 71,
  Crystal_Keys: 98,
  Deviating_Keys: 4,
  Dream_Bell: 14,
  Fairy: 98,
  Flute: 73,
  Ghost_Hand_Bells: 112,
  Glass_Bell: 98,
  Hannah_Peel_Music_Box: 10,
  Harp: 46,
  Moon_Guitar_Ensemble: 25,
  Moon_Guitar_Trems: 25,
  Peel_Guitar_1: 24,
  Peel_Guitar_Ensemble: 24,
  Resonator_Music_Box: 10,
  Soft_Piano: 0,
  Stage_Grand_Piano: 0,
  Strings_Pizzicato_Ensemble: 45,
  Strings_Swell_Ensemble: 48,
  Tape_Piano: 0,
};

/** Its sound font instrument: the piano of the font in use. */
export const SEED_FONT_PIANO = 'SoundFont_Piano';
