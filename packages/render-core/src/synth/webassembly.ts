/** The part of the WebAssembly interface that is used here; Node's type declarations leave it to those of browsers. */
export interface WasmMemory {
  readonly buffer: SharedArrayBuffer;
  /** Adds pages of 64 KiB and returns how many there were. */
  grow(pages: number): number;
}

interface WasmNamespace {
  readonly Memory: new (limits: { initial: number; maximum: number; shared: true }) => WasmMemory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new <Exports>(
    module: object,
    imports: Record<string, Record<string, unknown>>,
  ) => { readonly exports: Exports };
}

export const { WebAssembly } = globalThis as typeof globalThis & { readonly WebAssembly: WasmNamespace };
