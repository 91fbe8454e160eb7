import { z } from 'zod';
import { effectSchema } from './effect-options.js';
import { partOptionsSchema } from './part-options.js';

const seconds = z.number().min(0).max(86400);

const rangeSchema = z
  .union([
    z.strictObject({ startSeconds: seconds.default(0), endSeconds: seconds.optional() }),
    z
      .strictObject({
        startBar: z.number().min(1).max(1e6).default(1).describe('First bar, from 1.'),
        endBar: z.number().min(1).max(1e6).optional().describe('Last bar, included.'),
      })
      .describe('Bars of the score.'),
  ])
  .describe('Renders a part of the score; the samples are those of the same stretch of the whole.');

const masterSchema = z
  .strictObject({
    normalize: z.enum(['none', 'peak', 'loudness']).default('peak'),
    peakDb: z
      .number()
      .min(-60)
      .max(0)
      .default(-0.1)
      .describe('True peak (dBTP, BS.1770-4 annex 2) aimed at by peak, and the ceiling of the limiter of loudness.'),
    loudnessLufs: z.number().min(-60).max(-5).default(-16).describe('Integrated loudness aimed at (EBU R 128).'),
    effects: z.array(effectSchema).max(16).default([]),
  })
  .describe('What happens to the sum of all parts.');

const tailSchema = z
  .union([
    z.literal('silence').describe('Until everything has died away, at most 30 s.'),
    z.literal('exact').describe('Nothing after the last bar line or note.'),
    z.literal('loop').describe('The tail is folded into the start, so that the file repeats without a seam.'),
    z.number().min(0).max(60).describe('Seconds after the end of the music.'),
  ])
  .describe('What follows the end of the music.');

/** Everything a request can ask for, with defaults: the only source of these rules, types and documents. */
export const renderOptionsSchema = z
  .strictObject({
    format: z.enum(['wav', 'flac', 'mp3', 'opus']).default('wav'),
    sampleRate: z.int().min(8000).max(192000).default(44100).describe('Hz. Opus files are always 48000.'),
    channels: z.union([z.literal(1), z.literal(2)]).default(2),
    bitDepth: z
      .union([z.literal(16), z.literal(24), z.literal(32)])
      .default(24)
      .describe('WAV: 16, 24 or 32; FLAC: 16 or 24; lossy formats ignore it.'),
    sampleFormat: z.enum(['integer', 'float']).default('integer').describe('float is 32-bit WAV.'),
    dither: z
      .enum(['auto', 'tpdf', 'none'])
      .default('auto')
      .describe('auto: triangular dither for 16 bits, none otherwise.'),
    bitrateKbps: z.int().min(32).max(320).optional().describe('MP3 and Opus; by default 192 and 128.'),
    soundFont: z.string().min(1).max(200).optional().describe('Sound font by its catalogue name.'),
    quality: z.enum(['draft', 'standard', 'high']).default('standard').describe('Interpolation of samples.'),
    maxVoices: z
      .int()
      .min(1)
      .max(65536)
      .optional()
      .describe(
        'Most voices at once, no limit by default. Sources (sound fonts, sample instruments, formulas) share them by the number of parts that each plays.',
      ),
    parts: z.array(partOptionsSchema).max(256).default([]),
    onMissing: z
      .enum(['fail', 'substitute', 'skip'])
      .default('fail')
      .describe('What to do about an instrument that this server does not have.'),
    pitch: z
      .enum(['midi', 'scientific', 'seed'])
      .default('midi')
      .describe('How MusiStrata octaves are read: midi makes C5 key 60, scientific makes C5 key 72.'),
    octaveShift: z.int().min(-8).max(8).default(0).describe('MusiStrata only.'),
    transpose: z.int().min(-48).max(48).default(0).describe('Semitones; percussion is left alone.'),
    tuningHz: z.number().min(220).max(880).default(440).describe('Frequency of A4.'),
    tempoFactor: z.number().min(0.1).max(10).default(1).describe('2 plays twice as fast.'),
    countInBars: z.int().min(0).max(8).default(0).describe('Bars of metronome before the music.'),
    metronome: z.boolean().default(false),
    humanize: z
      .strictObject({
        timingSeconds: z.number().min(0).max(0.1).default(0.008),
        velocity: z.number().min(0).max(32).default(4),
        tone: z.number().min(0).max(1).default(0),
        detuneCents: z.number().min(0).max(50).default(0),
      })
      .optional()
      .describe('Small seeded deviations; off by default.'),
    reverb: z
      .strictObject({
        level: z.number().min(0).max(4).default(1).describe('0 switches the score-wide reverb off.'),
        roomSize: z.number().min(0).max(1).default(0.5),
        damping: z.number().min(0).max(1).default(0.3),
        width: z.number().min(0).max(1).default(1),
      })
      .prefault({})
      .describe('The reverb that parts send to (controller 91; MusiStrata songs send nothing).'),
    chorus: z
      .strictObject({ level: z.number().min(0).max(4).default(1).describe('0 switches it off.') })
      .prefault({})
      .describe('The chorus that parts send to (controller 93; MusiStrata songs send nothing).'),
    master: masterSchema.prefault({}),
    tail: tailSchema.optional().describe('By default two seconds for MusiStrata songs, silence for everything else.'),
    range: rangeSchema.optional(),
    stems: z.boolean().default(false).describe('Also stores every part as a file of its own.'),
    tags: z
      .strictObject({
        title: z.string().max(500).optional(),
        artist: z.string().max(500).optional(),
        album: z.string().max(500).optional(),
        comment: z.string().max(2000).optional(),
        date: z.string().max(40).optional(),
        genre: z.string().max(200).optional(),
      })
      .prefault({})
      .describe('Written into the file; title and copyright come from the score by default.'),
    seed: z.int().min(0).max(0xffffffff).default(1).describe('Seed of everything random: dither, noise, humanize.'),
  })
  .check((context) => {
    const options = context.value;
    const fault = (path: string, message: string) => {
      context.issues.push({ code: 'custom', path: [path], message, input: options });
    };
    if (options.sampleFormat === 'float' && (options.bitDepth !== 32 || options.format !== 'wav'))
      fault('sampleFormat', 'float needs format wav and bitDepth 32');
    if (options.format === 'flac' && options.bitDepth === 32) fault('bitDepth', 'FLAC files hold 16 or 24 bits');
    if (
      options.format === 'mp3' &&
      ![8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000].includes(options.sampleRate)
    )
      fault('sampleRate', 'MP3 allows 8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100 and 48000 Hz');
    const nyquist = (options.format === 'opus' ? 48000 : options.sampleRate) / 2;
    const chains = [
      { path: ['master', 'effects'], effects: options.master.effects },
      ...options.parts.map((part, index) => ({ path: ['parts', index, 'effects'], effects: part.effects })),
    ];
    for (const { path, effects } of chains)
      for (const [index, effect] of effects.entries())
        if (effect.type === 'filter' && effect.frequencyHz >= nyquist)
          context.issues.push({
            code: 'custom',
            path: [...path, index, 'frequencyHz'],
            message: `must be below half the sample rate, ${nyquist} Hz`,
            input: options,
          });
    if (options.tail === 'loop' && options.range !== undefined) fault('tail', 'loop needs the whole score');
  })
  .describe('How to render a score.');

/** Options with every default filled in. */
export type RenderOptions = z.output<typeof renderOptionsSchema>;
/** Options as a caller writes them. */
export type RenderOptionsInput = z.input<typeof renderOptionsSchema>;
