import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { zigVersion } from '../../../kernels/wasm/build/zig.ts';
import { lastLines, runCommand } from '../../../toolchain/run-command.ts';

const source = fileURLToPath(new URL('tokens.cc', import.meta.url));
/** The binary, as text: it is so small that no file beside a bundle is worth it. */
export const compiledFile = fileURLToPath(new URL('tokens-wasm.ts', import.meta.url));

const options = [
  ...['--target=wasm32-freestanding', '-mcpu=generic', '-nostdlib', '-std=c++17', '-O3', '-fno-exceptions', '-fno-rtti'],
  ...['-fvisibility=hidden', '-Wl,--no-entry', '-Wl,--strip-all', '-Wl,--gc-sections', '-Wl,--export=__heap_base'],
  '-Wl,-z,stack-size=4096',
];

/** Of everything that decides what the binary is. */
export const sourceHash = (): string =>
  createHash('sha256')
    .update(JSON.stringify([zigVersion, options]))
    .update(readFileSync(source))
    .digest('hex');

/**
 * What `tokens-wasm.ts` is to say.
 *
 * @throws Error with the compiler's last words
 */
export async function compileTokens(zig: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'unroll-tokens-'));
  try {
    const to = join(folder, 'tokens.wasm');
    const { ok, output } = await runCommand(zig, ['c++', ...options, source, '-o', to]);
    if (!ok) throw new Error(`tokens.cc did not compile: ${lastLines(output)}`);
    const text = (await readFile(to)).toString('base64');
    return `// Made of tokens.cc by \`npm run build:wasm\`.
export const sourcesOfTokens = '${sourceHash()}';
export const tokensWasm =
  '${text}';
`;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
