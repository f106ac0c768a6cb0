import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve, sep } from 'node:path';
import { Worker } from 'node:worker_threads';
import { crc32, deflateSync } from 'node:zlib';
import { encode as encodeJpeg } from 'jpeg-js';
import { afterAll, describe, expect, it } from 'vitest';
import { audioSettings, mediaSettings } from '../../document/media-settings.ts';
import { chunk, writePng } from './fixtures/write-png.ts';
import { writeWav } from './fixtures/write-wav.ts';
import { MediaThread, readMedia } from './media-threads.ts';
import { readPicture } from './picture.ts';
import { readMediaHere, soundSteps } from './read-media.ts';

const folder = mkdtempSync(join(tmpdir(), 'unroll-hostile-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, bytes: Uint8Array): string => {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
};

const size = { height: 1, width: 2, channels: 1 } as const;
const dot = { width: 2, height: 1, depth: 8, type: 'grey', samples: [0, 255] } as const;
const seen = [0, expect.closeTo(1, 9)];
const gigabyte = deflateSync(Buffer.alloc(2 ** 30));

describe('a PNG', () => {
  /** Bytes of array buffers that reading it takes at most, beside the file. */
  async function memoryOf(bytes: Uint8Array): Promise<number> {
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
    }, 1);
    await readPicture(bytes, size).finally(() => clearInterval(watch));
    return Math.max(most, process.memoryUsage().arrayBuffers - before);
  }

  it.each([
    ['pixels', []],
    ['a colour profile', [chunk('iCCP', Buffer.concat([Buffer.from('x\0\0'), gigabyte]))]],
    ['a compressed text', [chunk('zTXt', Buffer.concat([Buffer.from('x\0\0'), gigabyte]))]],
    ['an international text', [chunk('iTXt', Buffer.concat([Buffer.from('x\0\u0001\0\0\0'), gigabyte]))]],
  ])('of a gigabyte of %s is read no further than its size says', async (what, before) => {
    const honest = writePng({ ...dot, before });
    const bytes =
      what === 'pixels'
        ? Buffer.concat([
            honest.subarray(0, 33),
            chunk('IDAT', deflateSync(Buffer.concat([Buffer.from([0, 0, 255]), Buffer.alloc(2 ** 28)]))),
          ])
        : honest;
    expect(await readPicture(bytes, size)).toEqual(seen);
    expect(await memoryOf(bytes)).toBeLessThan(50e6);
  });

  const [header, rest] = [writePng(dot).subarray(8, 33), writePng(dot).subarray(33)];
  const signature = writePng(dot).subarray(0, 8);
  const says = (width: number, height: number): Buffer => {
    const other = Buffer.from(header);
    other.writeUInt32BE(width, 8);
    other.writeUInt32BE(height, 12);
    other.writeUInt32BE(crc32(other.subarray(4, 21)), 21);
    return other;
  };
  it.each([
    ['two headers', [header, says(60_000, 60_000), rest], 'two headers'],
    [
      'a text before its header',
      [chunk('tEXt', Buffer.from('a\0b')), says(60_000, 60_000), rest],
      'does not begin with its header',
    ],
    ['too many pixels', [says(10_000, 5001), rest], '10000 × 5001 pixels are too many'],
    ['no pixels', [says(0, 3), rest], '0 × 3 pixels'],
    ['fewer rows than it says', [says(2, 1000), rest], 'ends before its last row'],
    ['half of its pixels', [header, rest.subarray(0, 12)], 'ends before its last row'],
    ['a damaged header', [Buffer.from(header).fill(1, 20), rest], 'IHDR is damaged'],
    ['a filter that there is not', [header, chunk('IDAT', deflateSync(Buffer.from([9, 0, 0])))], 'filter 9'],
    ['pixels that are not deflated', [header, chunk('IDAT', Buffer.from('not deflated'))], 'pixels are damaged'],
  ])('is refused for %s', async (_what, parts, words) => {
    await expect(readPicture(Buffer.concat([signature, ...parts]), size)).rejects.toThrow(words);
  });

  it.each([1, 2, 4, 8, 16] as const)('of %i bits is the same interlaced and filtered', async (depth) => {
    const samples = Array.from({ length: 13 * 11 }, (_unused, i) => (i * i * 37) % 2 ** depth);
    const picture = { width: 13, height: 11, depth, type: 'grey', samples } as const;
    const whole = { height: 11, width: 13, channels: 1 } as const;
    const wanted = samples.map((sample) => expect.closeTo(sample / (2 ** depth - 1), 9));
    for (const kind of [{}, { interlaced: true }, { filtered: true }, { interlaced: true, filtered: true }]) {
      expect(await readPicture(writePng({ ...picture, ...kind }), whole)).toEqual(wanted);
    }
  });
});

describe('a JPEG', () => {
  const honest = encodeJpeg({ width: 16, height: 8, data: Buffer.alloc(16 * 8 * 4, 128) }, 90).data;
  const frame = honest.indexOf(Buffer.from([0xff, 0xc0]));

  it.each([
    ['too many pixels', { high: 60_000, wide: 60_000 }, 'too many'],
    ['more pixels than it holds', { high: 4000, wide: 4000 }, 'ends before its last row'],
    ['no pixels', { high: 0, wide: 5 }, '5 × 0 pixels'],
  ])('is refused for %s', async (_what, { high, wide }, words) => {
    const bytes = Buffer.from(honest);
    bytes.writeUInt16BE(high, frame + 5);
    bytes.writeUInt16BE(wide, frame + 7);
    await expect(readPicture(bytes, size)).rejects.toThrow(words);
  });

  it('that is progressive is refused where its coefficients would fill memory', async () => {
    const bytes = Buffer.from(honest);
    bytes[frame + 1] = 0xc2;
    bytes.writeUInt16BE(7000, frame + 5);
    bytes.writeUInt16BE(7000, frame + 7);
    await expect(readPicture(bytes, size)).rejects.toThrow(/takes 686 MB, at most 600/);
  });

  it('that is whole is read after one that was not', async () => {
    await expect(readPicture(honest.subarray(0, frame + 30), size)).rejects.toThrow('cannot be decoded');
    expect(await readPicture(honest, size)).toEqual([expect.closeTo(128 / 255, 2), expect.closeTo(128 / 255, 2)]);
  });
});

describe('a recording', () => {
  const hearing = audioSettings.parse({ kind: 'audio' });
  it('that says 1 sample a second is refused before it becomes 16,000 times as long', () => {
    const slow = writeWav(new Array<number>(300).fill(0.5), { sampleRate: 1 });
    expect(() => soundSteps(slow, hearing)).toThrow('1 samples a second, the network hears 16000: at least 160');
  });

  it('that gives more frames than memory should hold is refused before they are made', () => {
    const long = writeWav(new Array<number>(599 * 160).fill(0.5), { sampleRate: 160 });
    const fine = { ...hearing, hopMilliseconds: 1, bands: 256 };
    expect(() => soundSteps(long, fine)).toThrow('numbers are too many');
  });
});

describe('files are read in a thread', () => {
  const picture = mediaSettings.parse({ kind: 'image', ...size });
  if (picture.kind !== 'image') throw new Error('not a picture');
  const table = join(folder, 'table.csv');
  const question = { cell: file('dot.png', writePng(dot)), table, media: picture };

  it('with the numbers and the errors that it would give here', async () => {
    expect(await readMedia(question.cell, table, picture)).toEqual(await readMediaHere(question.cell, table, picture));
    const failure = { code: 'not-a-picture', message: expect.stringContaining('starts neither'), hint: 'Use PNG or JPEG.' };
    await expect(readMedia(file('words.png', Buffer.from('words')), table, picture)).rejects.toMatchObject({ failure });
  });

  it('and nothing of the engine decodes them anywhere else', () => {
    const root = resolve(import.meta.dirname, '../..');
    const users = readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
      .filter((path) => /\b(readMediaHere|readPicture|soundSteps|decodeWav)\(/.test(readFileSync(join(root, path), 'utf8')))
      .map((path) => relative('.', path).replaceAll(sep, '/'));
    expect(users.sort()).toEqual([
      'data/media/media-thread.ts',
      'data/media/picture.ts',
      'data/media/read-media.ts',
      'data/media/wav.ts',
      'export/features/golden-files.ts', // files that it has just made, of some hundred bytes
    ]);
  });

  const program = (code: string) => () =>
    new Worker(`const { parentPort } = require('node:worker_threads'); ${code}`, { eval: true });
  const answers = 'parentPort.postMessage({ steps: [[1]] })';

  it('one after the other, and the next one is answered after a thread has died', async () => {
    let started = 0;
    const threads = [
      program("parentPort.on('message', () => process.exit(3))"),
      program(`parentPort.on('message', () => ${answers})`),
    ];
    const thread = new MediaThread(() => (threads[started++] ?? program(''))());
    const [first, second, third] = [thread.read(question), thread.read(question), thread.read(question)];
    await expect(first).rejects.toThrow('has ended');
    expect(await second).toEqual([[1]]);
    expect(await third).toEqual([[1]]);
    expect(started).toBe(2);
  });

  it('and given up after a time, or when nobody wants them any more', async () => {
    const stuck = program("parentPort.on('message', () => { for (;;); })");
    await expect(new MediaThread(stuck, 50).read(question)).rejects.toMatchObject({ failure: { code: 'media-too-slow' } });
    const controller = new AbortController();
    const reading = new MediaThread(stuck).read(question, controller.signal);
    setTimeout(() => controller.abort(new Error('cancelled')), 20);
    await expect(reading).rejects.toThrow('cancelled');
  });
});
