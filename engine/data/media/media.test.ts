import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode as encodePng } from 'fast-png';
import { encode as encodeJpeg } from 'jpeg-js';
import { afterAll, describe, expect, it } from 'vitest';
import { dataBinding } from '../../document/data-binding.ts';
import { audioSettings } from '../../document/media-settings.ts';
import { exampleInput, rawExamples } from '../examples.ts';
import { prepareData } from '../prepare.ts';
import { viewExample, viewFile } from '../view-input.ts';
import { audioFeatures, melTriangles } from './audio-features.ts';
import { chunk, writePng } from './fixtures/write-png.ts';
import { sayingBytes, withHeader, writeWav } from './fixtures/write-wav.ts';
import { readPicture } from './picture.ts';
import { resample } from './resample.ts';
import { decodeWav } from './wav.ts';

const folder = mkdtempSync(join(tmpdir(), 'unroll-media-'));
afterAll(() => rmSync(folder, { recursive: true }));

const tone = (hertz: number, seconds: number, rate: number): number[] =>
  Array.from({ length: Math.round(seconds * rate) }, (_unused, i) => 0.5 * Math.sin((2 * Math.PI * hertz * i) / rate));

const settings = audioSettings.parse({ kind: 'audio', sampleRate: 8000, bands: 20 });

describe('recordings', () => {
  it('are read with their channels averaged', () => {
    const { samples, sampleRate } = decodeWav(writeWav([0.5, -0.5, 0.25, 0.75], { channels: 2 }));
    expect(sampleRate).toBe(8000);
    expect([...samples].map((value) => Math.round(value * 1000) / 1000)).toEqual([0, 0.5]);
  });

  /** Samples as bytes, hand-worked: nothing, a quarter up, full down, and the largest up. */
  const bytesOf: readonly (readonly [what: string, code: number, bits: number, data: readonly number[]])[] = [
    ['8 bits, which have no sign', 1, 8, [128, 160, 0, 255]],
    ['16 bits', 1, 16, [0, 0, 0, 0x20, 0, 0x80, 0xff, 0x7f]],
    ['24 bits', 1, 24, [0, 0, 0, 0, 0, 0x20, 0, 0, 0x80, 0xff, 0xff, 0x7f]],
    ['32 bits', 1, 32, [0, 0, 0, 0, 0, 0, 0, 0x20, 0, 0, 0, 0x80, 0xff, 0xff, 0xff, 0x7f]],
    ['floats', 3, 32, [0, 0, 0, 0, 0, 0, 0x80, 0x3e, 0, 0, 0x80, 0xbf, 0, 0, 0x80, 0x3f]],
    [
      'floats of 64 bits',
      3,
      64,
      [
        ...[0, 0, 0, 0, 0, 0, 0, 0],
        ...[0, 0, 0, 0, 0, 0, 0xd0, 0x3f],
        ...[0, 0, 0, 0, 0, 0, 0xf0, 0xbf],
        ...[0, 0, 0, 0, 0, 0, 0xf0, 0x3f],
      ],
    ],
  ];
  it.each(bytesOf)('are read sample by sample: %s', (_what, code, bits, data) => {
    const format = Buffer.alloc(16);
    format.writeUInt16LE(code, 0);
    format.writeUInt16LE(1, 2);
    format.writeUInt32LE(4000, 4);
    format.writeUInt16LE(bits, 14);
    const odd = [...Buffer.from('LIST'), 3, 0, 0, 0, 1, 2, 3, 0];
    const extensible = Buffer.concat([format, Buffer.alloc(24)]);
    extensible.writeUInt16LE(0xfffe, 0);
    extensible.writeUInt16LE(code, 24);
    for (const head of [format, extensible]) {
      const fmt = [...Buffer.from('fmt '), head.length, 0, 0, 0, ...head];
      const wav = Uint8Array.from([
        ...Buffer.from('RIFF'),
        0,
        0,
        0,
        0,
        ...Buffer.from('WAVE'),
        ...fmt,
        ...odd,
        ...Buffer.from('data'),
        data.length,
        0,
        0,
        0,
        ...data,
      ]);
      const largest = code === 3 ? 1 : 1 - 2 ** (1 - bits);
      expect(decodeWav(wav)).toEqual({ sampleRate: 4000, samples: Float32Array.of(0, 0.25, -1, largest) });
      // Cut off in the middle of the last sample, or before it where it is one byte.
      expect([...decodeWav(wav.subarray(0, -1)).samples]).toEqual([0, 0.25, -1]);
    }
  });

  /** By format: some of the 256 values as 16 bits, and the sum of each times its place, from Python's `audioop`. */
  const telephones = [
    ['A-law', 6, [-5504, -5248, -6784, -2752, -8, -656, -848, 5504, 32256, 8, 880, 848], 100_139_008],
    ['µ-law', 7, [-32124, -31100, -16764, -15996, -716, -112, 0, 32124, 5372, 716, 8, 0], 98_107_392],
  ] as const;
  it.each(telephones)('are read as telephones write them: %s', (_name, code, some, sum) => {
    const every = withHeader(
      writeWav(
        Array.from({ length: 256 }, () => 0),
        { bits: 8 },
      ),
      'format',
      code,
    );
    every.set(
      Array.from({ length: 256 }, (_unused, i) => i),
      every.length - 256,
    );
    const values = Array.from(decodeWav(every).samples, (value) => value * 32768);
    expect([0, 1, 15, 16, 85, 113, 127, 128, 170, 213, 254, 255].map((i) => values[i])).toEqual(some);
    expect(values.reduce((all, value, i) => all + value * (i + 1), 0)).toBe(sum);
  });

  it('are read where 24 bits are the high ones of 32', () => {
    const said24 = writeWav([0.25, -0.5], { bits: 32, channels: 2 });
    const bytes = Uint8Array.from(said24);
    bytes[34] = 24;
    expect(decodeWav(bytes)).toEqual(decodeWav(said24));
    // Whoever says nothing of the kind has packed them.
    expect(decodeWav(withHeader(writeWav([0.25, 0.5], { bits: 24 }), 'frame', 0)).samples).toHaveLength(2);
  });

  it('are read where nothing that one hears is missing, and refused where they are cut off', () => {
    // 8000 samples a second of 16 bits: 10 ms are 160 bytes.
    const whole = writeWav(tone(300, 0.5, 8000));
    expect(decodeWav(whole.subarray(0, -160)).samples).toHaveLength(3920);
    expect(() => decodeWav(whole.subarray(0, -161))).toThrow('cut off: its header says 0.50 s, 0.49 s are there');
    expect(() => decodeWav(whole.subarray(0, 44 + 4000))).toThrow('cut off: its header says 0.50 s, 0.25 s are there');
    expect(() => decodeWav(sayingBytes(whole, 0x7ffeffff))).toThrow('cut off');
  });

  it.each([0x7fff0000, 0x7ffff000, 0x80000000, 0xffffffff])(
    'are read to their end where their size was not known: %i',
    (said) => {
      const whole = writeWav(tone(300, 0.5, 8000));
      expect(decodeWav(sayingBytes(whole, said))).toEqual(decodeWav(whole));
    },
  );

  it.each([
    ['an empty file', new Uint8Array(), 'does not start as a WAV'],
    ['NaN', writeWav([0, 0.5, Number.NaN], { float: true, bits: 32 }), 'holds samples that are not numbers'],
    ['infinity in one channel', writeWav([0, Number.POSITIVE_INFINITY], { float: true, bits: 64, channels: 2 }), 'not numbers'],
    ['a picture', encodePng({ width: 1, height: 1, data: Uint8Array.of(0), channels: 1 }), 'does not start as a WAV'],
    ['a file without samples', writeWav([]).subarray(0, 36), 'holds no samples'],
  ])('are refused: %s', (_what, bytes, message) => {
    expect(() => decodeWav(bytes)).toThrow(message);
  });

  it('keep their pitch at another sample rate', () => {
    const slow = resample({ sampleRate: 16_000, samples: Float32Array.from(tone(440, 0.2, 16_000)) }, 8000);
    const wanted = tone(440, 0.2, 8000);
    const middle = wanted.slice(200, -200);
    middle.forEach((value, i) => {
      expect(slow[i + 200]).toBeCloseTo(value, 2);
    });
    const high = resample({ sampleRate: 16_000, samples: Float32Array.from(tone(6000, 0.2, 16_000)) }, 8000);
    expect(Math.max(...high.slice(200, -200).map(Math.abs))).toBeLessThan(0.02);
  });

  it('are loudest in the band of their pitch', () => {
    const features = audioFeatures(Float32Array.from(tone(1000, 0.1, 8000)), settings);
    expect(features).toHaveLength(1 + Math.floor((800 - 200) / 80));
    const [frame = []] = features;
    const loudest = frame.indexOf(Math.max(...frame));
    const triangle = melTriangles(20, 200, 8000)[loudest];
    const bin = (1000 * 200) / 8000;
    expect(triangle && bin >= triangle.first && bin < triangle.first + triangle.weights.length).toBe(true);
  });

  it('have cepstral coefficients that are an orthonormal transform of the bands', () => {
    const samples = Float32Array.from(tone(700, 0.05, 8000));
    const [mel = []] = audioFeatures(samples, settings);
    const [mfcc = []] = audioFeatures(samples, { ...settings, features: 'mfcc', coefficients: 20 });
    const energy = (values: readonly number[]): number => values.reduce((sum, value) => sum + value * value, 0);
    expect(energy(mfcc)).toBeCloseTo(energy(mel), 6);
    expect(mfcc[0]).toBeCloseTo(mel.reduce((sum, value) => sum + value, 0) / Math.sqrt(20), 8);
  });
});

describe('pictures', () => {
  const square = (values: readonly number[]): Uint8Array =>
    encodePng({ width: 2, height: 2, channels: 3, data: Uint8Array.from(values) });

  it('are shrunk to the mean of what each new pixel covers', async () => {
    const png = square([255, 0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0]);
    const [red, green, blue] = await readPicture(png, { height: 1, width: 1, channels: 3 });
    expect([red, green, blue]).toEqual([0.25, 0.25, 0.25]);
    expect(await readPicture(png, { height: 2, width: 2, channels: 3 })).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0]);
    expect((await readPicture(png, { height: 1, width: 1, channels: 1 }))[0]).toBeCloseTo(0.25, 6);
  });

  it('are enlarged too, and JPEG is read', async () => {
    const data = Buffer.alloc(16 * 16 * 4, 255);
    const jpeg = encodeJpeg({ width: 16, height: 16, data }, 90).data;
    expect((await readPicture(jpeg, { height: 2, width: 2, channels: 1 })).every((value) => value > 0.98)).toBe(true);
    expect(await readPicture(square(new Array(12).fill(255)), { height: 5, width: 3, channels: 1 })).toHaveLength(15);
  });

  const pixels = async (bytes: Uint8Array, width: number, height: number): Promise<number[]> =>
    (await readPicture(bytes, { height, width, channels: 3 })).map((value) => Math.round(value * 1e9) / 1e9);
  const byte = (value: number): number => Math.round((value / 255) * 1e9) / 1e9;
  const grey = (values: readonly number[]): number[] => values.flatMap((value) => [value, value, value]);

  it.each([1, 2, 4] as const)('of %i bits a pixel are read, each row from a new byte', async (depth) => {
    const most = 2 ** depth - 1;
    const samples = [0, most, most, 0, 1, 1, 0, 1, most, 1];
    const [width, height] = [5, 2];
    expect(await pixels(writePng({ width, height, depth, type: 'grey', samples }), width, height)).toEqual(
      grey(samples.map((sample) => byte((255 * sample) / most))),
    );
    const palette = [255, 0, 0, 0, 0, 255];
    const two = samples.map((sample) => Math.min(1, sample));
    expect(await pixels(writePng({ width, height, depth, type: 'palette', samples: two, palette }), width, height)).toEqual(
      two.flatMap((sample) => (sample === 0 ? [1, 0, 0] : [0, 0, 1])),
    );
  });

  it('are white where they are transparent: opacity, one colour, entries of the palette', async () => {
    const size = { width: 2, height: 1, depth: 8 } as const;
    expect(await pixels(writePng({ ...size, type: 'greyAlpha', samples: [0, 0, 0, 51] }), 2, 1)).toEqual(grey([1, 0.8]));
    expect(await pixels(writePng({ ...size, type: 'grey', samples: [7, 0], transparency: [0, 7] }), 2, 1)).toEqual(grey([1, 0]));
    const colours = { ...size, width: 3, type: 'colour', samples: [1, 2, 3, 0, 2, 3, 4, 5, 6] } as const;
    expect(await pixels(writePng({ ...colours, transparency: [0, 1, 0, 2, 0, 3] }), 3, 1)).toEqual([
      1,
      1,
      1,
      ...[0, 2, 3, 4, 5, 6].map(byte),
    ]);
    const named = { ...size, type: 'palette', samples: [1, 0], palette: [0, 0, 0, 9, 9, 9] } as const;
    expect(await pixels(writePng({ ...named, transparency: [255, 0] }), 2, 1)).toEqual(grey([1, 0]));
  });

  it.each([
    [1, [1, 2, 3, 4, 5, 6]],
    [2, [3, 2, 1, 6, 5, 4]],
    [3, [6, 5, 4, 3, 2, 1]],
    [4, [4, 5, 6, 1, 2, 3]],
    [5, [1, 4, 2, 5, 3, 6]],
    [6, [4, 1, 5, 2, 6, 3]],
    [7, [6, 3, 5, 2, 4, 1]],
    [8, [3, 6, 2, 5, 1, 4]],
    [9, [1, 2, 3, 4, 5, 6]],
  ])('are seen upright: orientation %i', async (orientation, wanted) => {
    const exif = Buffer.from([...Buffer.from('MM\0*'), 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]);
    const picture = { width: 3, height: 2, depth: 8, type: 'grey', samples: [1, 2, 3, 4, 5, 6] } as const;
    const [width, height] = orientation > 4 && orientation < 9 ? [2, 3] : [3, 2];
    const upright = grey(wanted.map(byte));
    expect(await pixels(writePng({ ...picture, before: [chunk('eXIf', exif)] }), width, height)).toEqual(upright);
    expect(await pixels(writePng({ ...picture, after: [chunk('eXIf', exif)] }), width, height)).toEqual(upright);
  });

  it('are taken as they lie where their EXIF is damaged', async () => {
    const picture = { width: 2, height: 1, depth: 8, type: 'grey', samples: [1, 2] } as const;
    for (const text of ['', 'MM', 'MM\0*\0\0\0\x08\0\x05\x01', 'II*\0\xff\xff\xff\xff']) {
      const before = [chunk('eXIf', Buffer.from(text, 'latin1'))];
      expect(await pixels(writePng({ ...picture, before }), 2, 1)).toEqual(grey([1, 2].map(byte)));
    }
  });

  it.each([
    ['text', new TextEncoder().encode('not a picture'), 'starts neither'],
    ['half a PNG', square(new Array(12).fill(0)).subarray(0, 40), 'cannot be decoded'],
    ['half a JPEG', Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0), 'cannot be decoded'],
  ])('are refused: %s', async (_what, bytes, message) => {
    await expect(readPicture(bytes, { height: 1, width: 1, channels: 1 })).rejects.toThrow(message);
  });
});

describe('a table of files', () => {
  it('gives the frames of recordings, and says which rows are silent, missing, cut off or no recording', async () => {
    mkdirSync(join(folder, 'sounds'));
    for (let i = 0; i < 6; i++) writeFileSync(join(folder, 'sounds', `${i}.wav`), writeWav(tone(300 + 200 * i, 0.1, 8000)));
    writeFileSync(join(folder, 'sounds', 'silent.wav'), writeWav(new Array<number>(800).fill(0)));
    writeFileSync(join(folder, 'sounds', 'text.wav'), 'no sound');
    writeFileSync(join(folder, 'sounds', 'half.wav'), writeWav(tone(300, 0.1, 8000)).subarray(0, 44 + 800));
    const rows = ['0', '1', '2', '3', '4', '5', 'silent', 'text', 'missing', 'half'].map(
      (name, i) => `sounds/${name}.wav,${i % 2}`,
    );
    const path = join(folder, 'sounds.csv');
    writeFileSync(path, ['file,label', ...rows].join('\n'));
    const { report, encoding } = await prepareData(
      dataBinding.parse({
        source: { kind: 'file', path, reader: { format: 'delimited', inputColumns: ['file'], targetColumns: ['label'] } },
        task: 'sequence-classification',
        media: settings,
      }),
    );
    expect(encoding.facts).toMatchObject({ features: 20, classes: 2, vocabulary: null });
    expect(report.badRows.map((row) => row.line)).toEqual([8, 9, 10, 11]);
    expect(report.badRows.map((row) => row.reason).join('\n')).toMatch(
      /silent.*\n.*no WAV file.*\n.*cannot be read.*\n.*cut off: its header says 0\.10 s, 0\.05 s/,
    );
  });

  it('gives pictures as the Image node reads them', async () => {
    const numbers = (red: number): Uint8Array =>
      encodePng({
        width: 4,
        height: 4,
        channels: 3,
        data: new Uint8Array(48).map((_unused, i) => (i % 3 === 0 ? red : 10 * (i % 7))),
      });
    for (let i = 0; i < 4; i++) writeFileSync(join(folder, `${i}.png`), numbers(i * 60));
    const path = join(folder, 'pictures.csv');
    writeFileSync(path, ['file,label', ...[0, 1, 2, 3].map((i) => `${i}.png,${i % 2}`)].join('\n'));
    const binding = dataBinding.parse({
      source: { kind: 'file', path, reader: { format: 'delimited', inputColumns: ['file'], targetColumns: ['label'] } },
      task: 'sequence-classification',
      media: { kind: 'image', height: 2, width: 2, channels: 3 },
      split: { validation: 0, test: 0 },
    });
    const { encoding, splits } = await prepareData(binding);
    expect(encoding.facts.image).toEqual({ height: 2, width: 2, channels: 3 });
    const { mean = [], deviation = [] } = encoding.inputNormalization ?? {};
    expect(mean).toHaveLength(12);
    for (const values of [mean, deviation]) {
      for (let place = 1; place < 4; place++) expect(values.slice(3 * place, 3 * place + 3)).toEqual(values.slice(0, 3));
    }
    expect(mean[0]).toBeCloseTo((0 + 60 + 120 + 180) / 4 / 255, 6);
    expect(splits.train.series).toHaveLength(4 * 12);
    expect([...splits.train.offsets]).toEqual([0, 1, 2, 3, 4]);

    const { examples } = await rawExamples(binding, 'train', 0, 9);
    expect(examples.map(({ input }) => input).sort()).toEqual(['0.png', '1.png', '2.png', '3.png']);
    const second = await exampleInput(binding, 'train', 1);
    expect(second).toMatchObject({ kind: 'series', file: examples[1]?.input });
    expect(second.kind === 'series' && second.steps).toEqual([
      await readPicture(readFileSync(join(folder, examples[1]?.input ?? '')), { height: 2, width: 2, channels: 3 }),
    ]);
    expect(examples[1]?.view).toMatchObject({ kind: 'pictures', count: 1, height: 2, width: 2, channels: 3 });
    const look = await viewExample(binding, 'train', 1);
    expect(look.view).toEqual(examples[1]?.view);
    const file = join(folder, examples[1]?.input ?? '');
    expect(look.file).toEqual({ type: 'image/png', base64: readFileSync(file, 'base64') });
    expect(await viewFile(binding, file)).toEqual(look);
    // What was just shown is not read again.
    writeFileSync(file, 'no picture any more');
    expect(await exampleInput(binding, 'train', 1)).toEqual(second);
    await expect(exampleInput(binding, 'test', 0)).rejects.toThrow('no example 1 in the test split');
  });
});
