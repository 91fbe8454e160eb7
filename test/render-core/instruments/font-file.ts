import type { SoundSource } from '@musistrata/render-core';

/** Presets as name, bank and program; bank 128 is percussion. */
export type PresetRow = readonly [name: string, bank: number, program: number];

/** A sound font of silence, written from SF2.04 sections 4 and 7. */
export function fontFile(presets: readonly PresetRow[]): Buffer {
  const count = presets.length;
  const headers = Buffer.alloc(38 * (count + 1));
  presets.forEach(([name, bank, program], index) => {
    headers.write(name, index * 38, 20, 'latin1');
    headers.writeUInt16LE(program, index * 38 + 20);
    headers.writeUInt16LE(bank, index * 38 + 22);
    headers.writeUInt16LE(index, index * 38 + 24);
  });
  headers.write('EOP', count * 38, 'latin1');
  headers.writeUInt16LE(count, count * 38 + 24);
  // Zone n of the presets has generator n, which names the only instrument; that has one zone with the only sample.
  const zones = words(presets.flatMap((_, index) => [index, 0]).concat([count, 0]));
  const instruments = Buffer.alloc(44);
  instruments.writeUInt16LE(1, 42);
  const sample = Buffer.alloc(92);
  sample.writeUInt32LE(32, 24);
  sample.writeUInt32LE(44100, 36);
  const tables = [
    chunk('phdr', headers),
    chunk('pbag', zones),
    chunk('pmod', Buffer.alloc(10)),
    chunk('pgen', words(presets.flatMap(() => [41, 0]).concat([0, 0]))),
    chunk('inst', instruments),
    chunk('ibag', words([0, 0, 1, 0])),
    chunk('imod', Buffer.alloc(10)),
    chunk('igen', words([53, 0, 0, 0])),
    chunk('shdr', sample),
  ];
  const samples = chunk('LIST', Buffer.from('sdta'), chunk('smpl', Buffer.alloc(64)));
  return chunk('RIFF', Buffer.from('sfbk'), samples, chunk('LIST', Buffer.from('pdta'), ...tables));
}

function words(values: readonly number[]): Buffer {
  return Buffer.from(Uint16Array.from(values).buffer);
}

/** A DLS bank with headers and nothing else (DLS 1.1, 2.2): instruments as name, bank field and program. */
export function dlsFile(instruments: readonly PresetRow[]): Buffer {
  const list = instruments.map(([name, bank, program]) => {
    const header = Buffer.alloc(12);
    header.writeUInt32LE(bank, 4);
    header.writeUInt32LE(program, 8);
    return chunk(
      'LIST',
      Buffer.from('ins '),
      chunk('insh', header),
      chunk('LIST', Buffer.from('INFO'), chunk('INAM', Buffer.from(`${name}\0`))),
    );
  });
  return chunk(
    'RIFF',
    Buffer.from('DLS '),
    chunk('colh', Buffer.alloc(4)),
    chunk('LIST', Buffer.from('lins'), ...list),
  );
}

function chunk(id: string, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(8);
  head.write(id, 'latin1');
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body, Buffer.alloc(body.length % 2)]);
}

/** Stands for a loaded font. */
export function silentFont(path: string, name: string): Promise<SoundSource> {
  return Promise.resolve({
    kind: 'soundfont',
    name,
    identity: path,
    open: () => ({ render: () => {}, voiceCount: 0, active: false, stolenNotes: 0, close: () => {} }),
  });
}
