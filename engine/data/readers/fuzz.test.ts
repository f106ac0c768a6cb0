import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readDocument } from '../../document/migrations.ts';
import { decodeSafetensors, encodeSafetensors } from '../../files/safetensors.ts';
import { UserError } from '../../protocol/envelope.ts';
import { Random } from '../../random.ts';
import { writePng } from '../media/fixtures/write-png.ts';
import { readPicture } from '../media/picture.ts';
import { decodeWav } from '../media/wav.ts';
import { previewFile } from '../preview.ts';

const folder = mkdtempSync(join(tmpdir(), 'unroll-fuzz-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const seed = Number(process.env['UNROLL_FUZZ_SEED'] ?? 1);

const text = (content: string): Uint8Array => new TextEncoder().encode(content);
const repeated = (row: (i: number) => string): Uint8Array => text(Array.from({ length: 12 }, (_, i) => row(i)).join(''));

/** Bytes that a file of each kind begins with: flipped, cut, doubled and mixed by the fuzzer. */
const valid = {
  table: repeated((i) => `"a ""b"" ${i}",${i}.5,yes\n`),
  rows: repeated((i) => `${JSON.stringify({ text: `a ${i}`, label: [i, { x: null }] })}\n`),
  tags: repeated((i) => `Mary${i} B-PER\nwalks O\n\n`),
  document: text(JSON.stringify({ format: 'unroll', version: 2, name: 'n', nodes: [], edges: [], comments: [], data: null })),
};
const sharp = text('\0"\',;\t\r\n[]{}\\�1e999-');

function mutate(bytes: Uint8Array, random: Random): Uint8Array {
  let result = Uint8Array.from(bytes);
  for (let n = 1 + random.below(8); n > 0; n--) {
    const at = random.below(Math.max(1, result.length));
    const kind = random.below(5);
    if (kind === 0) result[at] = random.below(256);
    else if (kind === 1) result[at] = sharp[random.below(sharp.length)] ?? 0;
    else if (kind === 2) result = result.slice(0, at);
    else if (kind === 3) result = Uint8Array.from([...result.slice(0, at), ...result.slice(random.below(at + 1))]);
    else
      result = Uint8Array.from([
        ...result.slice(0, at),
        ...Array.from({ length: 9 }, () => random.below(256)),
        ...result.slice(at),
      ]);
  }
  return result;
}

const each = (kind: keyof typeof valid, count: number, work: (bytes: Uint8Array) => unknown) => async (): Promise<void> => {
  const random = new Random(seed, kind);
  for (let i = 0; i < count; i++) {
    const bytes =
      i % 10 === 0 ? Uint8Array.from({ length: random.below(400) }, () => random.below(256)) : mutate(valid[kind], random);
    await (async () => work(bytes))().catch((error: unknown) => {
      if (error instanceof UserError) return;
      throw new Error(`seed ${seed}, ${kind} ${i}: ${JSON.stringify(Buffer.from(bytes).toString('base64'))}`, { cause: error });
    });
  }
};

const preview = (name: string) => (bytes: Uint8Array) => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return previewFile(path);
};

it.each([
  ['table', 250, preview('table.csv')],
  ['rows', 250, preview('rows.jsonl')],
  ['tags', 250, preview('tags.conll')],
  ['document', 600, (bytes: Uint8Array) => readDocument(bytes)],
] as const)('%s: %i damaged files are read, or refused in words', { timeout: 60_000 }, (kind, count, work) =>
  each(kind, count, work)(),
);

/** Whose callers put the error's words into a bad row or a failure. */
const decoders: readonly (readonly [string, Uint8Array, (bytes: Uint8Array) => unknown])[] = [
  [
    'safetensors',
    encodeSafetensors(new Map([['w', { dtype: 'F32', shape: [2, 2], data: new Float32Array(4) }]]), { a: 'b' }),
    (bytes) => decodeSafetensors(bytes),
  ],
  [
    'PNG',
    writePng({ width: 4, height: 4, depth: 8, type: 'grey', samples: Array.from({ length: 16 }, (_, i) => i * 16) }),
    (bytes) => readPicture(bytes, { height: 4, width: 4, channels: 1 }),
  ],
  [
    'WAV',
    text('RIFF\x2c\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x40\x1f\0\0\x01\0\x08\0data\x08\0\0\0abcdefgh'),
    (bytes) => decodeWav(bytes),
  ],
];

it.each(decoders)(
  '%s: 400 damaged files are read, or refused with a sentence',
  { timeout: 60_000 },
  async (_kind, whole, decode) => {
    const random = new Random(seed, 'decoders');
    for (let i = 0; i < 400; i++) {
      const bytes = mutate(whole, random);
      const error = await (async () => decode(bytes))().then(
        () => null,
        (reason: unknown) => reason,
      );
      // A mistake of the program is one of these; what a decoder says of a file is not.
      const mistake = error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError;
      expect(mistake, `seed ${seed}, ${i}: ${Buffer.from(bytes).toString('base64')}: ${String(error)}`).toBe(false);
    }
  },
);
