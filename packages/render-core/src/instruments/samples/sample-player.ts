import type { Part } from '../../score/performance.js';
import { balanceLeft, balanceRight, centsToRatio, decibelsToGain, velocityGain } from '../playing/gains.js';
import type { NoteSchedule, ScheduledNote } from '../playing/note-schedule.js';
import { mostAtOnce } from '../playing/polyphony.js';
import { mixSeed, seededFraction } from '../playing/seed.js';
import type { NotePlayer, Voice, VoiceSink } from '../playing/voice.js';
import type { SourceContext } from '../sound-source.js';
import { crossfadeGain } from './crossfade.js';
import type { Region } from './region.js';
import type { SampleCache } from './sample-cache.js';
import type { SampleInstrument } from './sample-instrument.js';
import { type RegionSound, SampleVoice } from './sample-voice.js';

/** Voices prepared beforehand; more are made when they are needed. */
const MOST_PREPARED = 512;

/** Plays the notes of one part with the regions of an instrument. */
export class SamplePlayer implements NotePlayer {
  private readonly sounds = new Map<Region, RegionSound>();
  private readonly regionsByKey: readonly (readonly Region[])[];
  /** How many notes each region with a sequence has seen. */
  private readonly counts = new Map<Region, number>();
  private readonly idle: SampleVoice[] = [];
  /** Notes that release samples wait for, in order of release. */
  private readonly releases: readonly ScheduledNote[];
  private nextRelease = 0;
  /** The latest release among the notes so far: a note before it is played legato. */
  private heldUntil = -1;
  private lastSwitch: number | null;
  /** The key before that was no switch: where portamento glides from. -1 is none. */
  private lastPitch = -1;

  constructor(
    private readonly instrument: SampleInstrument,
    cache: SampleCache,
    private readonly part: Part,
    { notes }: NoteSchedule,
    private readonly context: SourceContext,
  ) {
    const { sampleRate } = context;
    this.lastSwitch = instrument.switches?.initial ?? null;
    this.regionsByKey = Array.from({ length: 128 }, (_, key) =>
      instrument.regions.filter((region) => region.lowKey <= key && key <= region.highKey),
    );
    let layers = 0;
    let tail = 0;
    for (const { event } of notes) {
      let matching = 0;
      for (const region of this.regionsByKey[event.key] ?? []) {
        if (!matchesVelocity(region, event.velocity)) continue;
        matching++;
        tail = Math.max(tail, region.envelope.releaseSeconds);
        if (!this.sounds.has(region)) this.sounds.set(region, loadSound(region, cache, sampleRate));
      }
      layers = Math.max(layers, matching);
    }
    const most = mostAtOnce(notes, Math.ceil(tail * sampleRate), context.maxVoices);
    for (let i = 0; i < Math.min(MOST_PREPARED, most * layers); i++) this.idle.push(this.createVoice());
    const hasReleases = [...this.sounds.keys()].some((region) => region.trigger === 'release');
    this.releases = hasReleases
      ? notes.filter((note) => note.cutFrame > note.releaseFrame).sort((a, b) => a.releaseFrame - b.releaseFrame)
      : [];
  }

  get nextWake(): number {
    return this.releases[this.nextRelease]?.releaseFrame ?? Number.POSITIVE_INFINITY;
  }

  start(note: ScheduledNote, sink: VoiceSink): void {
    const legato = this.heldUntil > note.onsetFrame;
    this.heldUntil = Math.max(this.heldUntil, note.releaseFrame);
    const { switches } = this.instrument;
    const { key } = note.event;
    const isSwitch = switches !== null && switches.lowKey <= key && key <= switches.highKey;
    const glideFrom = isSwitch ? -1 : sink.channel.takeGlide(this.lastPitch);
    if (isSwitch) this.lastSwitch = key;
    else this.lastPitch = key;
    for (const region of this.regionsByKey[key] ?? []) {
      if (region.trigger === 'release') continue;
      if (region.trigger === 'first' && legato) continue;
      if (region.trigger === 'legato' && !legato) continue;
      this.play(region, note, note, glideFrom, sink);
    }
  }

  wake(frame: number, sink: VoiceSink): void {
    for (;;) {
      const note = this.releases[this.nextRelease];
      if (note === undefined || note.releaseFrame > frame) return;
      this.nextRelease++;
      for (const region of this.regionsByKey[note.event.key] ?? []) {
        if (region.trigger !== 'release') continue;
        this.play(region, note, { ...note, onsetFrame: note.releaseFrame }, -1, sink);
      }
    }
  }

  recycle(voice: Voice): void {
    this.idle.push(voice as SampleVoice);
  }

  /** `struck` is the note as it was played, `note` as the voice is to take it. */
  private play(region: Region, struck: ScheduledNote, note: ScheduledNote, glideFrom: number, sink: VoiceSink): void {
    const { key, velocity } = note.event;
    if (!matchesVelocity(region, velocity)) return;
    const fade = fadeOf(region, key, velocity);
    if (fade === 0) return;
    if (region.switchKey !== null && region.switchKey !== this.lastSwitch) return;
    if (!this.isTurn(region) || !this.isLuck(region, note.ordinal)) return;
    const sound = this.sounds.get(region);
    if (sound === undefined) return;
    if (region.group !== null) silenceOthers(sink, region.group, note);
    sink.reserve();
    const cents =
      (key - region.rootKey) * region.keyTrack +
      region.tuneCents +
      (region.pitchVelocityTrack * velocity) / 127 +
      sink.tuningCents(key) +
      (note.event.detuneCents ?? 0) +
      1200 * Math.log2(this.context.tuningHz / 440);
    const held = (note.onsetFrame - struck.onsetFrame) / this.context.sampleRate;
    const keyDb = (key - region.levelKeyCenter) * region.levelKeyTrack;
    const gain =
      fade * this.gain(region, velocity) * decibelsToGain(region.gainDb + keyDb - region.releaseDecay * held);
    // A mono sample goes to both sides at -3 dB, as a stereo one that is panned would.
    const side = sound.sample.right === null ? Math.SQRT1_2 : 1;
    const position = (region.pan + 1) / 2;
    const voice = this.idle.pop() ?? this.createVoice();
    voice.start(note, sound, {
      speed: cents === 0 ? 1 : centsToRatio(cents),
      gainLeft: gain * side * (region.pan === 0 ? 1 : balanceLeft(position)),
      gainRight: gain * side * (region.pan === 0 ? 1 : balanceRight(position)),
      cutoff: cutoffOf(region, key, velocity),
      glideCents: glideFrom < 0 ? 0 : (glideFrom - key) * region.keyTrack,
      glideFrames: sink.channel.glideSeconds * this.context.sampleRate,
    });
    sink.add(voice);
  }

  private gain(region: Region, velocity: number): number {
    const curve = this.part.velocityCurve;
    if (curve === 'linear') return velocityGain(curve, velocity);
    const track = region.velocityTrack;
    if (track >= 0) return velocityGain(curve, velocity) ** track;
    return velocityGain(curve, 127 - velocity) ** -track;
  }

  private isTurn(region: Region): boolean {
    if (region.sequenceLength === 1) return true;
    const count = this.counts.get(region) ?? 0;
    this.counts.set(region, count + 1);
    return count % region.sequenceLength === region.sequencePosition - 1;
  }

  private isLuck(region: Region, ordinal: number): boolean {
    if (region.lowRandom <= 0 && region.highRandom >= 1) return true;
    const chance = seededFraction(mixSeed(this.context.seed, this.part.index), ordinal);
    return region.lowRandom <= chance && chance < region.highRandom;
  }

  private createVoice(): SampleVoice {
    return new SampleVoice(this.context.quality, this.context.sampleRate);
  }
}

function loadSound(region: Region, cache: SampleCache, sampleRate: number): RegionSound {
  const loops = region.loopMode === 'continuous' || region.loopMode === 'sustain';
  const sample = cache.get(region.sample, sampleRate, region.end, loops ? region.loop : null);
  const goesOn = region.loopMode === 'sustain' && region.loop !== null;
  return { region, sample, afterLoop: goesOn ? cache.get(region.sample, sampleRate, region.end, null) : null };
}

/** Velocities may be fractional, layers are not: the nearest whole one, at least 1, chooses. */
function matchesVelocity(region: Region, velocity: number): boolean {
  const whole = Math.max(1, Math.round(velocity));
  return region.lowVelocity <= whole && whole <= region.highVelocity;
}

function fadeOf({ keyFade, velocityFade }: Region, key: number, velocity: number): number {
  const ofKey = keyFade === null ? 1 : crossfadeGain(keyFade, key);
  return velocityFade === null ? ofKey : ofKey * crossfadeGain(velocityFade, velocity);
}

function cutoffOf({ filter }: Region, key: number, velocity: number): number | null {
  if (filter === null) return null;
  const cents = (key - filter.keyCenter) * filter.keyTrack + (velocity / 127) * filter.velocityTrack;
  return filter.cutoff * centsToRatio(cents);
}

/** A note of a group silences the regions that are off by it, but not its own. */
function silenceOthers(sink: VoiceSink, group: number, note: ScheduledNote): void {
  for (const voice of sink.voices) {
    if (!(voice instanceof SampleVoice) || voice.region.offBy !== group || voice.note.ordinal === note.ordinal)
      continue;
    if (voice.region.offMode === 'normal') voice.release(note.onsetFrame);
    else voice.cut();
  }
}
