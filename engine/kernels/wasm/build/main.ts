// `npm run build:wasm`: compiles the WASM kernels anew, after a change of their sources.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { binaries, binariesFolder, buildBinary } from './binaries.ts';
import { prepareZig } from './zig.ts';

const zig = await prepareZig();
if (!zig.ok) throw new Error(zig.reason);
for (const name of binaries) {
  const to = join(binariesFolder, name);
  await buildBinary(zig.program, name, to);
  console.log(`${name}: ${Math.round(statSync(to).size / 1000)} kB`);
}
