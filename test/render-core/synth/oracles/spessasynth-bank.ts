import { createHash } from 'node:crypto';
import { type BasicSoundBank, type BasicZone, SoundBankLoader } from 'spessasynth_core';

/** A font as spessasynth_core parses it, in the words of BankData; samples with the digest of their frames. */
export async function parseWithSpessaSynth(bytes: Uint8Array) {
  const bank = SoundBankLoader.fromArrayBuffer(new Uint8Array(bytes).buffer);
  return {
    name: bank.soundBankInfo.name.trim(),
    samples: bank.samples.map((sample) => ({
      name: sample.name,
      sampleRate: sample.sampleRate,
      rootKey: sample.originalKey,
      correction: sample.pitchCorrection,
      loopStart: sample.loopStart,
      loopEnd: sample.loopEnd,
      frames: sample.getRawData(false).length / 2,
      recording: createHash('sha256').update(sample.getRawData(false)).digest('hex'),
    })),
    instruments: bank.instruments.map((instrument) => ({
      global: zone(instrument.globalZone, instrument.globalZone),
      zones: instrument.zones.map((own) => ({
        ...zone(own, instrument.globalZone),
        sample: bank.samples.indexOf(own.sample),
      })),
    })),
    presets: presets(bank),
  };
}

function presets(bank: BasicSoundBank) {
  return bank.presets.map((preset) => ({
    name: preset.name,
    bank: preset.isGMGSDrum ? 0 : preset.bankMSB,
    bankLow: preset.bankLSB,
    program: preset.program,
    percussion: preset.isGMGSDrum,
    global: zone(preset.globalZone, preset.globalZone),
    zones: preset.zones.map((own) => ({
      ...zone(own, preset.globalZone),
      instrument: bank.instruments.indexOf(own.instrument),
    })),
  }));
}

/** Ranges that are not set are those of the global zone; of links, which SF2.04 9.5.2 wants ignored, only the rest. */
function zone(own: BasicZone, global: BasicZone) {
  const keys = own.hasKeyRange ? own.keyRange : global.keyRange;
  const velocities = own.hasVelRange ? own.velRange : global.velRange;
  return {
    keys: [Math.max(0, keys.min), keys.max],
    velocities: [Math.max(0, velocities.min), velocities.max],
    generators: own.generators.map(({ type, value }): [number, number] => [type, value]),
    modulators: own.modulators
      .map((modulator) => ({
        source: modulator.primarySource.toSourceEnum(),
        amountSource: modulator.secondarySource.toSourceEnum(),
        destination: modulator.destination as number,
        amount: modulator.transformAmount,
        transform: modulator.transformType as number,
      }))
      .filter(({ source, amountSource, destination }) => destination >= 0 && !isLink(source) && !isLink(amountSource)),
  };
}

function isLink(source: number): boolean {
  return (source & 0xff) === 127;
}
