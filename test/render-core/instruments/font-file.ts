import type { SoundSource } from '@musistrata/render-core';

/** Presets as name, bank and program; bank 128 is percussion. */
export type PresetRow = readonly [name: string, bank: number, program: number];

/** A sound font with headers and nothing else, written from SF2.04 sections 4 and 7.2. */
export function fontFile(presets: readonly PresetRow[]): Buffer {
  const headers = Buffer.alloc(38 * (presets.length + 1));
  presets.forEach(([name, bank, program], index) => {
    headers.write(name, index * 38, 20, 'latin1');
    headers.writeUInt16LE(program, index * 38 + 20);
    headers.writeUInt16LE(bank, index * 38 + 22);
  });
  headers.write('EOP', presets.length * 38, 'latin1');
  const samples = chunk('LIST', Buffer.from('sdta'), chunk('smpl', Buffer.alloc(64)));
  return chunk('RIFF', Buffer.from('sfbk'), samples, chunk('LIST', Buffer.from('pdta'), chunk('phdr', headers)));
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
