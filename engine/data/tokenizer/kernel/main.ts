// The second half of `npm run build:wasm`: compiles the tokenizer's kernel anew, after a change of `tokens.cc`.
import { writeFileSync } from 'node:fs';
import { prepareZig } from '../../../kernels/wasm/build/zig.ts';
import { compiledFile, compileTokens } from './build.ts';

const zig = await prepareZig();
if (!zig.ok) throw new Error(zig.reason);
const text = await compileTokens(zig.program);
writeFileSync(compiledFile, text);
console.log(`tokens-wasm.ts: ${Math.round(text.length / 1000)} kB`);
