/** A RIFF file taken apart, so that a test can change a table and put the file together again. */
export type RiffNode =
  | { readonly id: string; data: Uint8Array }
  | { readonly id: string; readonly kind: string; children: RiffNode[] };

export function parseRiff(bytes: Uint8Array): RiffNode {
  return parseNodes(bytes)[0]!;
}

function parseNodes(bytes: Uint8Array): RiffNode[] {
  const nodes: RiffNode[] = [];
  const buffer = Buffer.from(bytes);
  for (let at = 0; at + 8 <= buffer.length; ) {
    const id = buffer.toString('latin1', at, at + 4);
    const size = buffer.readUInt32LE(at + 4);
    const data = bytes.slice(at + 8, at + 8 + size);
    if (id === 'RIFF' || id === 'LIST')
      nodes.push({ id, kind: Buffer.from(data).toString('latin1', 0, 4), children: parseNodes(data.subarray(4)) });
    else nodes.push({ id, data });
    at += 8 + size + (size % 2);
  }
  return nodes;
}

export interface WriteOptions {
  /** Sizes of 64 bits, and "RIFS" at the beginning. */
  readonly wide?: boolean;
  /** Leaves out the byte after chunks of odd length. */
  readonly unpadded?: boolean;
}

export function writeRiff(node: RiffNode, options: WriteOptions = {}): Uint8Array {
  const body =
    'data' in node
      ? node.data
      : Buffer.concat([Buffer.from(node.kind, 'latin1'), ...node.children.map((child) => writeRiff(child, options))]);
  const head = Buffer.alloc(options.wide ? 12 : 8);
  head.write(options.wide && node.id === 'RIFF' ? 'RIFS' : node.id, 'latin1');
  head.writeUInt32LE(body.length, 4);
  return new Uint8Array(Buffer.concat([head, body, Buffer.alloc(options.unpadded ? 0 : body.length % 2)]));
}

/** The list of a kind: "INFO", "sdta", "pdta". */
export function listOf(root: RiffNode, kind: string): { children: RiffNode[] } {
  const list = childrenOf(root).find((node) => 'kind' in node && node.kind === kind);
  if (list === undefined) throw new Error(`no list ${kind}`);
  return list as { children: RiffNode[] };
}

/** The chunk of a name in a list. */
export function chunkOf(root: RiffNode, kind: string, id: string): { data: Uint8Array } {
  const chunk = listOf(root, kind).children.find((node) => node.id === id);
  if (chunk === undefined) throw new Error(`no chunk ${id}`);
  return chunk as { data: Uint8Array };
}

function childrenOf(node: RiffNode): RiffNode[] {
  return 'children' in node ? node.children : [];
}

/** A font with one of its tables changed; `change` may write into the view or return the table's new bytes. */
export function changeTable(
  font: Uint8Array,
  table: string,
  change: (view: DataView, bytes: Uint8Array) => Uint8Array | undefined,
): Uint8Array {
  const root = parseRiff(font);
  const chunk = chunkOf(root, table === 'smpl' ? 'sdta' : 'pdta', table);
  const data = chunk.data.slice();
  chunk.data = change(new DataView(data.buffer), data) ?? data;
  return writeRiff(root);
}
