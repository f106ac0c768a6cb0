import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGzip, gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { type DataBinding, dataBinding } from '../../document/data-binding.ts';
import { Random } from '../../random.ts';
import { prepareData } from '../prepare.ts';
import { previewFile } from '../preview.ts';
import { readWordVectors } from '../word-vectors.ts';
import { readPieces } from './pieces.ts';
import { readSample } from './sample.ts';

const folder = mkdtempSync(join(tmpdir(), 'unroll-packed-'));
afterAll(() => rmSync(folder, { recursive: true }));
const put = (name: string, bytes: Uint8Array | string): string => {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
};

/** By Python's `gzip.open`, a name in its header: written, then appended to, which makes a second member. */
const byPython = Buffer.from(
  'H4sICM8zDmsC/3RtcGltcGMzbmlrLmNzdgB6v3t/SWpFiU5OYlJqDi9XcHLG4W15qQruRYf3HJ6fqpPIywUAAAD//wMAYWLxDCIAAAAfiwgIzzMOawL/dG1waW1wYzNuaWsuY3N2AFIqKc/X4eXKycxLLVbSSeLlKsnILErRSeTlAgAAAP//AwAreexrGgAAAA==',
  'base64',
);
const rows = '\ufefftext,label\r\nSchöne Grüße,a\r\n"two,\r\nlines",b\r\nthird,a\r\n';

const bindingOf = (path: string): DataBinding =>
  dataBinding.parse({ source: { kind: 'file', path, reader: { format: 'delimited' } }, task: 'sequence-classification' });

async function all(path: string): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const { piece } of readPieces(path)) parts.push(piece);
  return Buffer.concat(parts);
}

/** Words that hardly pack, so that packed pieces end anywhere. */
function noise(length: number): string {
  const random = new Random(5, 'packed');
  let text = 'text,label\n';
  while (text.length < length) text += `${random.uniform()} ${random.uniform()},${random.below(2) === 0 ? 'a' : 'b'}\n`;
  return text;
}

describe('a file that is packed by gzip', () => {
  it('is what is in it, of all its members, under any name', async () => {
    for (const name of ['rows.csv.gz', 'ROWS.CSV.GZ', 'rows.gz', 'rows.csv', 'rows']) {
      const path = put(name, byPython);
      expect((await all(path)).toString('utf8')).toBe(rows);
      const { head, bytes, complete } = await readSample(path);
      expect([head.toString('utf8'), bytes, complete]).toEqual([rows, byPython.length, true]);
      const preview = await previewFile(path);
      expect(preview.rows).toEqual([
        ['Schöne Grüße', 'a'],
        ['two,\nlines', 'b'],
        ['third', 'a'],
      ]);
    }
  });

  it('is read to its end where members end and begin anywhere', async () => {
    const text = noise(900_000);
    const parts = [0, 1, 300_000, 300_001, 700_123].map((at, i, starts) => text.slice(at, starts[i + 1]));
    const path = put('members.csv.gz', Buffer.concat(parts.map((part) => gzipSync(part))));
    expect((await all(path)).equals(Buffer.from(text))).toBe(true);
    const sizes: number[] = [];
    for await (const { read } of readPieces(path)) sizes.push(read);
    expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
    expect(sizes.at(-1)).toBe((await readSample(path)).bytes);
  });

  it('is data of the same fingerprint as the one that is not packed, of its own kind', async () => {
    const text = noise(3000);
    const own = await prepareData(bindingOf(put('same.csv', text)));
    const packed = await prepareData(bindingOf(put('same.csv.gz', gzipSync(text))));
    expect(packed.encoding.fingerprint).toBe(own.encoding.fingerprint);
    expect(packed.encoding.reading).toEqual(own.encoding.reading);
    expect(packed.report.counts).toEqual(own.report.counts);
    for (const [name, format] of [
      ['a.TXT.gz', 'text'],
      ['a.conllu.GZ', 'conll'],
      ['a.tsv.gzip', 'delimited'],
      ['a.jsonl.gz', 'jsonl'],
    ] as const) {
      const content = format === 'jsonl' ? '{"a": 1}\n' : 'one\n';
      expect((await previewFile(put(name, gzipSync(content)))).reader.format, name).toBe(format);
    }
  });

  it('shows an encoding whose letters come late', async () => {
    const late = Buffer.concat([Buffer.from('plain words\n'.repeat(100_000)), Buffer.from('caf\xe9 \xe0 la carte\n', 'latin1')]);
    expect((await previewFile(put('late.txt.gz', gzipSync(late)))).reader.encoding).toBe('windows-1252');
  });

  it('is refused where a part is missing, or it is damaged', async () => {
    const packed = gzipSync(noise(100_000));
    const missing = { failure: { code: 'packed-damaged', message: expect.stringContaining('a part of the file is missing') } };
    for (const length of [2, 9, 15, 1000, packed.length - 9, packed.length - 1])
      await expect(all(put('cut.csv.gz', packed.subarray(0, length))), String(length)).rejects.toMatchObject(missing);
    const path = put('cut.csv.gz', packed.subarray(0, packed.length - 500));
    await expect(prepareData(bindingOf(path))).rejects.toMatchObject(missing);
    const second = Buffer.concat([gzipSync('text,label\na,b\n'), packed.subarray(0, 900)]);
    await expect(all(put('second.csv.gz', second))).rejects.toMatchObject(missing);
    const other = Buffer.from(packed);
    other.writeUInt32LE(1, other.length - 8);
    await expect(all(put('sum.csv.gz', other))).rejects.toMatchObject({
      failure: { code: 'packed-damaged', message: expect.stringContaining('damaged') },
    });
    await expect(previewFile(put('none.csv.gz', Buffer.from('1f8b00000000', 'hex')))).rejects.toMatchObject({
      failure: { code: 'packed-damaged' },
    });
  });

  it('is empty where nothing is in it', async () => {
    const failure = { code: 'file-empty', message: expect.stringContaining('unpacked is empty') };
    await expect(previewFile(put('empty.csv.gz', gzipSync('')))).rejects.toMatchObject({ failure });
    await expect(previewFile(put('zero.csv.gz', ''))).rejects.toMatchObject({ failure: { code: 'file-empty' } });
  });

  it('that is none is read as what it is', async () => {
    expect((await previewFile(put('plain.csv.gz', 'text,label\nhello,a\n'))).rows).toEqual([['hello', 'a']]);
  });

  it('that was made to fill memory is read no further than a multiple of its size', async () => {
    const bomb = join(folder, 'bomb.csv.gz');
    const packer = createGzip();
    const parts: Buffer[] = [];
    packer.on('data', (part: Buffer) => parts.push(part));
    const done = new Promise((ended) => packer.on('end', ended));
    for (let i = 0; i < 320; i++)
      if (!packer.write(Buffer.alloc(1e6, '\n'))) await new Promise((dry) => packer.once('drain', dry));
    packer.end();
    await done;
    put('bomb.csv.gz', Buffer.concat(parts));
    let length = 0;
    await expect(
      (async () => {
        for await (const { piece } of readPieces(bomb)) length += piece.length;
      })(),
    ).rejects.toMatchObject({ failure: { code: 'packed-too-much' } });
    expect(length).toBeGreaterThan(255e6);
    expect(length).toBeLessThanOrEqual(256e6);
    expect((await readSample(bomb)).complete).toBe(false);
  });

  it('holds word vectors as fastText publishes them', async () => {
    const { rows: found } = await readWordVectors(
      put('cc.vec.gz', gzipSync('2 2\nhello 1 2\nyou 3 4\n')),
      ['', '', '', '', 'you'],
      2,
    );
    expect(found.get(4)).toEqual(Float32Array.of(3, 4));
  });

  it('is left as soon as nobody reads on', async () => {
    const hash = createHash('sha256');
    for await (const { piece } of readPieces(put('left.csv.gz', gzipSync(noise(2_000_000))), { hash })) {
      expect(hash.digest('hex')).toBe(createHash('sha256').update(piece).digest('hex'));
      break;
    }
  });
});

it('names the command that unpacks what is packed in another way', async () => {
  const zeros = Buffer.alloc(600);
  const begin = (mark: string, at = 0): Buffer => {
    const bytes = Buffer.from(zeros);
    bytes.write(mark, at, 'latin1');
    return bytes;
  };
  const tar = begin('ustar', 257);
  for (const [bytes, command] of [
    [begin('PK\x03\x04'), 'unzip'],
    [begin('BZh9'), 'bunzip2'],
    [begin('\xfd7zXZ'), 'unxz'],
    [begin('\x28\xb5\x2f\xfd'), 'unzstd'],
    [begin('PAR1'), 'read_parquet'],
    [tar, 'tar -xf'],
    [gzipSync(tar), 'tar -xf'],
    [zeros, 'Archives'],
  ] as const) {
    const failure = { code: 'file-binary', hint: expect.stringContaining(command) };
    await expect(previewFile(put('other', bytes)), command).rejects.toMatchObject({ failure });
  }
});
