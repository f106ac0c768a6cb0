import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onDisk } from './on-disk.ts';

/** Raised when the compiler's options change, so that what was compiled with others is not taken. */
const options = 2;

export interface OpsSources {
  readonly folder: string;
  /** Names of the files to compile. */
  readonly files: readonly string[];
  /** Of every source and header: what was compiled from others is not taken for this. */
  readonly hash: string;
}

let found: OpsSources | undefined;

/** The C++ sources of our TensorFlow ops, which lie beside the kernels that call them. */
export function opsSources(): OpsSources {
  found ??= read();
  return found;
}

function read(): OpsSources {
  const folder = onDisk(fileURLToPath(new URL('../kernels/native/src', import.meta.url)));
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(cc|h)$/.test(name))
    .sort();
  const hash = createHash('sha256').update(`${options}`);
  for (const name of names) hash.update(`\0${name}\0`).update(readFileSync(join(folder, name)));
  return { folder, files: names.filter((name) => name.endsWith('.cc')), hash: hash.digest('hex').slice(0, 16) };
}
