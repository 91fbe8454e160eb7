import { normalizeName } from './names.js';

/** The sixteen families of the General MIDI sound set with their eight instruments each, spelled as MusiStrata spells them. */
const FAMILIES = {
  Piano:
    'Acoustic Grand Piano|Bright Acoustic Piano|Electric Grand Piano|Honky-tonk Piano|Electric Piano 1|Electric Piano 2|Harpsichord|Clavichord',
  'Chromatic Percussion': 'Celesta|Glockenspiel|Music Box|Vibraphone|Marimba|Xylophone|Tubular bells|Dulcimer',
  Organ: 'Drawbar Organ|Percussive Organ|Rock Organ|Church Organ|Reed Organ|Accordion|Harmonica|Tango Accordion',
  Guitar:
    'Acoustic Guitar (nylon)|Acoustic Guitar (steel)|Electric Guitar (jazz)|Electric Guitar (clean)|Electric Guitar (muted)|Overdriven Guitar|Distortion Guitar|Guitar harmonics',
  Bass: 'Acoustic Bass|Electric Bass (finger)|Electric Bass (pick)|Fretless Bass|Slap Bass 1|Slap bass 2|Synth Bass 1|Synth Bass 2',
  Strings: 'Violin|Viola|Cello|Contrabass|Tremolo Strings|Pizzicato Strings|Orchestral Harp|Timpani',
  Ensemble:
    'String Ensemble 1|String Ensemble 2|SynthStrings 1|SynthStrings 2|Choir Aahs|Voice Oohs|Synth Voice|Orchestra Hit',
  Brass: 'Trumpet|Trombone|Tuba|Muted Trombone|French Horn|Brass Section|SynthBrass 1|SynthBrass 2',
  Reed: 'Soprano Sax|Alto Sax|Tenor Sax|Baritone Sax|Oboe|English Horn|Bassoon|Clarinet',
  Pipe: 'Piccolo|Flute|Recorder|Pan Flute|Blown Bottle|Shakuhachi|Whistle|Ocarina',
  'Synth Lead':
    'Lead 1 (square)|Lead 2 (sawtooth)|Lead 3 (calliope)|Lead 4 (chiff)|Lead 5 (charang)|Lead 6 (voice)|Lead 7 (fifths)|Lead 8 (bass + lead)',
  'Synth Pad':
    'Pad 1 (new age)|Pad 2 (warm)|Pad 3 (polysynth)|Pad 4 (choir)|Pad 5 (bowed)|Pad 6 (metallic)|Pad 7 (halo)|Pad 8 (sweep)',
  'Synth Effects':
    'FX 1 (rain)|FX 2 (soundtrack)|FX 3 (crystal)|FX 4 (atmosphere)|FX 5 (brightness)|FX 6 (goblins)|FX 7 (echoes)|FX 8 (sci-fi)',
  Ethnic: 'Sitar|Banjo|Shamisen|Koto|Kalimba|Bag pipe|Fiddle|Shanai',
  Percussive: 'Tinkle Bell|Agogo|Steel Drums|Woodblock|Taiko Drum|Melodic Tom|Synth Drum|Reverse Cymbal',
  'Sound Effects': 'Guitar Fret Noise|Breath Noise|Seashore|Bird Tweet|Telephone Ring|Helicopter|Applause|Gunshot',
} as const;

export type GeneralMidiFamily = keyof typeof FAMILIES;

const FAMILY_NAMES = Object.keys(FAMILIES) as GeneralMidiFamily[];

/** The 128 program names, spelled as MusiStrata spells them; the index is the program number. */
export const GENERAL_MIDI_PROGRAMS: readonly string[] = Object.values(FAMILIES).flatMap((names) => names.split('|'));

/** Other spellings in use: those of the General MIDI specification where MusiStrata departs from it, then common ones. */
const OTHER_SPELLINGS: Readonly<Record<string, number>> = {
  Clavi: 7,
  'Muted Trumpet': 59,
  Clavinet: 7,
  'Grand Piano': 0,
  Piano: 0,
  'Synth Choir': 54,
  'Synth Vox': 54,
  'Orchestral Hit': 55,
  'Steel Drum': 114,
  Shenai: 111,
  Shehnai: 111,
  Harp: 46,
  'Double Bass': 43,
};

/**
 * The names of the General MIDI specification (General MIDI System Level 1, sound set) where they are other words than MusiStrata's;
 * differences in capitals and spaces are not listed.
 */
export const GENERAL_MIDI_STANDARD_NAMES: ReadonlyMap<number, string> = new Map([
  [7, 'Clavi'],
  [59, 'Muted Trumpet'],
]);

/** MusiStrata's drum names by key; in a drums track the key is the drum. Keys 35-81 are General MIDI's, the rest Roland GS's. */
export const DRUM_NAMES: ReadonlyMap<number, string> = new Map(
  (
    'High Q|Slap|Scratch Push|Scratch Pull|Sticks|Square Click|Metronome Click|Metronome Bell|Bass Drum 2|Bass Drum 1|Side Stick|' +
    'Snare Drum 1|Hand Clap|Snare Drum 2|Low Tom 2|Closed Hi-hat|Low Tom 1|Pedal Hi-hat|Mid Tom 2|Open Hi-hat|Mid Tom 1|High Tom 2|' +
    'Crash Cymbal 1|High Tom 1|Ride Cymbal 1|Chinese Cymbal|Ride Bell|Tambourine|Splash Cymbal|Cowbell|Crash Cymbal 2|Vibra Slap|' +
    'Ride Cymbal 2|High Bongo|Low Bongo|Mute High Conga|Open High Conga|Low Conga|High Timbale|Low Timbale|High Agogo|Low Agogo|' +
    'Cabasa|Maracas|Short Whistle|Long Whistle|Short Guiro|Long Guiro|Claves|High Wood Block|Low Wood Block|Mute Cuica|Open Cuica|' +
    'Mute Triangle|Open Triangle|Shaker|Jingle Bell|Belltree|Castanets|Mute Surdo|Open Surdo'
  )
    .split('|')
    .map((name, index) => [27 + index, name]),
);

/** The drum kits of General MIDI 2 (table 9) by the program number that selects them on the percussion bank. */
export const DRUM_KITS: ReadonlyMap<number, string> = new Map([
  [0, 'Standard Kit'],
  [8, 'Room Kit'],
  [16, 'Power Kit'],
  [24, 'Electronic Kit'],
  [25, 'Analog Kit'],
  [32, 'Jazz Kit'],
  [40, 'Brush Kit'],
  [48, 'Orchestra Kit'],
  [56, 'SFX Kit'],
]);

const programs = new Map<string, number>([
  ...Object.entries(OTHER_SPELLINGS).map(([name, program]) => [normalizeName(name), program] as const),
  ...GENERAL_MIDI_PROGRAMS.map((name, program) => [normalizeName(name), program] as const),
]);
const drums = new Map([...DRUM_NAMES].map(([key, name]) => [normalizeName(name), key]));
const kits = new Map(
  [...DRUM_KITS].flatMap(([program, name]) => [
    [normalizeName(name), program] as const,
    [normalizeName(name.replace(' Kit', ' Drums')), program] as const,
  ]),
);

/** Program number of a General MIDI instrument in MusiStrata's, the standard's or another common spelling; case, spaces and punctuation do not matter. */
export function programByName(name: string): number | null {
  return programs.get(normalizeName(name)) ?? null;
}

/** Key of a drum by its name; case, spaces and punctuation do not matter. */
export function drumKeyByName(name: string): number | null {
  return drums.get(normalizeName(name)) ?? null;
}

/** Program number that selects a drum kit by its name ("Jazz Kit", "jazz drums"). */
export function drumKitByName(name: string): number | null {
  return kits.get(normalizeName(name)) ?? null;
}

/** Family of a program 0-127. */
export function programFamily(program: number): GeneralMidiFamily {
  return FAMILY_NAMES[program >> 3]!;
}
