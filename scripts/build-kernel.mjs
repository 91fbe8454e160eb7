// Compiles the WebAssembly synthesis kernel (AssemblyScript) next to the JavaScript output of render-core.
import { existsSync, mkdirSync, readdirSync, renameSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const synth = new URL('../packages/render-core/src/synth/', import.meta.url);
const output = new URL('../packages/render-core/dist/synth/kernel.wasm', import.meta.url);

const sources = [
  ...readdirSync(new URL('kernel/', synth), { recursive: true }).map((name) => new URL(`kernel/${name}`, synth)),
  ...readdirSync(synth).flatMap((name) => (name.endsWith('-layout.ts') ? [new URL(name, synth)] : [])),
  new URL(import.meta.url),
];
const newest = Math.max(...sources.map((source) => statSync(source).mtimeMs));
if (!existsSync(output) || statSync(output).mtimeMs < newest) {
  const { main } = await import('assemblyscript/asc');
  mkdirSync(new URL('.', output), { recursive: true });
  // Written beside the goal and renamed, so that a broken build leaves no half of a kernel behind.
  const unfinished = new URL(`kernel.${process.pid}.wasm`, output);
  const { error, stderr } = await main([
    fileURLToPath(new URL('kernel/index.ts', synth)),
    ...['--outFile', fileURLToPath(unfinished), '--optimizeLevel', '3', '--shrinkLevel', '0', '--converge'],
    ...['--runtime', 'stub', '--noAssert', '--debug', '--uncheckedBehavior', 'always', '--enable', 'simd,threads'],
    // Every thread has an instance of its own over one shared memory that the host makes.
    ...['--importMemory', '--sharedMemory', '--initialMemory', '2', '--maximumMemory', '65536', '--memoryBase', '1024'],
  ]);
  if (error) {
    console.error(stderr.toString());
    process.exit(1);
  }
  renameSync(unfinished, output);
}
