import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writePng } from '../../data/media/fixtures/write-png.ts';
import { sayingBytes, withHeader, writeWav } from '../../data/media/fixtures/write-wav.ts';
import { dataBinding } from '../../document/data-binding.ts';
import { type MediaSettings, mediaSettings } from '../../document/media-settings.ts';
import { readInputFile } from '../../predict/input-file.ts';
import { UserError } from '../../protocol/envelope.ts';
import { Random } from '../../random.ts';
import { findTorch } from '../pytorch/find-torch.ts';
import { warmPython } from '../warm-python.test-support.ts';
import { featuresFiles } from './features-files.ts';
import { type MediaKind, mediaJson } from './media-json.ts';

const torch = findTorch();
const required = process.env['UNROLL_REQUIRE_ALL'] === '1';
const missing = 'reason' in torch ? torch.reason : torch.pillow ? null : `${torch.python} has no Pillow`;
if (missing !== null) console.warn(`features.py is not run${'reason' in torch ? '' : ' on pictures'}: ${missing}`);

const root = mkdtempSync(join(tmpdir(), 'unroll-features-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const encodingOf = (media: MediaSettings) => ({
  binding: dataBinding.parse({ source: { kind: 'template', name: 'x' }, task: 'sequence-classification', media }),
});

interface Question {
  readonly media: MediaSettings;
  /** In the test's folder; of a video perhaps several. */
  readonly path: string;
}
interface Answer {
  readonly steps?: readonly (readonly number[])[];
  readonly error?: string;
}

const python = warmPython('reason' in torch ? 'python3' : torch.python, ['torch']);

/** What `features.py` makes of files. */
async function answers(kind: MediaKind, questions: readonly Question[], before = ''): Promise<Answer[]> {
  if ('reason' in torch) throw new Error(torch.reason);
  const folder = mkdtempSync(join(root, 'code-'));
  for (const [name, text] of featuresFiles(kind)) writeFileSync(join(folder, name), text);
  const program = `
import json, sys
${before}
import features
for line in sys.stdin:
    path, rule = json.loads(line)
    try:
        print(json.dumps({"steps": features.read_steps(path, rule, sys.argv[1]).tolist()}))
    except ValueError as error:
        print(json.dumps({"error": str(error)}))`;
  const input = questions.map(({ path, media }) => JSON.stringify([path, mediaJson(encodingOf(media))])).join('\n');
  const { stdout, stderr } = await python.run({ folder, arguments: ['-c', program, root], input });
  expect(stderr).toBe('');
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Answer);
}

/** What the app reads of the same file. */
async function ours({ path, media }: Question): Promise<Answer> {
  const absolute = path
    .split(';')
    .map((part) => join(root, part.trim()))
    .join(';');
  try {
    return { steps: await readInputFile(encodingOf(media), absolute) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { error: error.failure.message };
  }
}

/** A PNG that says 20 000 × 20 000 pixels. */
function hugeHeader(png: Uint8Array): Uint8Array {
  const bytes = Buffer.from(png);
  bytes.writeUInt32BE(20_000, 16);
  bytes.writeUInt32BE(20_000, 20);
  bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29);
  return bytes;
}

/** Fails where a number is further off than the tolerance. */
function expectSame(found: Answer | undefined, wanted: Answer, tolerance: number): void {
  expect(found?.error).toBeUndefined();
  expect(wanted.error).toBeUndefined();
  expect(found?.steps?.map((step) => step.length)).toEqual(wanted.steps?.map((step) => step.length));
  let off = 0;
  wanted.steps?.forEach((step, t) => {
    step.forEach((value, f) => {
      off = Math.max(off, Math.abs(value - (found?.steps?.[t]?.[f] ?? Number.NaN)));
    });
  });
  expect(off).toBeLessThanOrEqual(tolerance);
}

describe.skipIf('reason' in torch && !required)('features.py of a network that hears', () => {
  const random = new Random(3, 'recordings');
  /** Rising tones and noise, another for each channel. */
  const sound = (seconds: number, sampleRate: number, channels = 1): number[] =>
    Array.from({ length: Math.round(seconds * sampleRate) * channels }, (_unused, i) => {
      const time = Math.floor(i / channels) / sampleRate;
      const hertz = 300 * (1 + (i % channels)) * (1 + time);
      return 0.6 * Math.sin(2 * Math.PI * hertz * time) + 0.1 * random.uniform();
    });
  const hearing = (settings: object = {}): MediaSettings => mediaSettings.parse({ kind: 'audio', sampleRate: 8000, ...settings });

  const files: readonly (readonly [what: string, bytes: Uint8Array, settings?: object])[] = [
    ['16 bits at the sample rate of training', writeWav(sound(0.3, 8000))],
    ['a higher sample rate, stereo', writeWav(sound(0.3, 44_100, 2), { sampleRate: 44_100, channels: 2 })],
    ['a lower sample rate', writeWav(sound(0.3, 6000), { sampleRate: 6000 })],
    ['a sample rate that does not divide', writeWav(sound(0.2, 11_025), { sampleRate: 11_025 }), { sampleRate: 16_000 }],
    ['8 bits', writeWav(sound(0.2, 8000), { bits: 8 })],
    ['24 bits, three channels', writeWav(sound(0.2, 8000, 3), { bits: 24, channels: 3, extensible: true })],
    ['32 bits', writeWav(sound(0.2, 8000), { bits: 32 })],
    ['floats of 64 bits', writeWav(sound(0.2, 8000, 2), { bits: 64, float: true, channels: 2 })],
    ['24 bits in 32', withHeader(writeWav(sound(0.2, 8000).slice(0, 1200), { bits: 24 }), 'frame', 4)],
    ['A-law', withHeader(writeWav(sound(0.2, 8000), { bits: 8 }), 'format', 6)],
    ['µ-law, stereo', withHeader(writeWav(sound(0.2, 8000, 2), { bits: 8, channels: 2 }), 'format', 7)],
    ['floats', writeWav(sound(0.2, 8000), { bits: 32, float: true })],
    ['floats in the extended form', writeWav(sound(0.2, 8000), { bits: 32, float: true, extensible: true })],
    ['a comment before the samples', writeWav(sound(0.2, 8000), { comment: 'odd' })],
    ['cut off by less than is heard', writeWav(sound(0.2, 8000)).subarray(0, -159)],
    ['written to a pipe', sayingBytes(writeWav(sound(0.2, 8000)), 0xffffffff)],
    ['written to a pipe by another program', sayingBytes(writeWav(sound(0.2, 8000)), 0x7fff0000)],
    ['shorter than a frame', writeWav(sound(0.01, 8000))],
    ['one sample', writeWav([0.5], { sampleRate: 16_000 })],
    ['silence with a click', writeWav(Array.from({ length: 2000 }, (_unused, i) => (i === 900 ? 0.5 : 0)))],
    ['MFCC', writeWav(sound(0.3, 16_000), { sampleRate: 16_000 }), { features: 'mfcc', bands: 26 }],
    ['MFCC of all bands, odd frames', writeWav(sound(0.2, 8000)), { features: 'mfcc', bands: 9, frameMilliseconds: 17.3125 }],
    ['long frames, many bands', writeWav(sound(0.5, 8000)), { bands: 128, frameMilliseconds: 150, hopMilliseconds: 7 }],
  ];

  it('gives the numbers of the app for every kind of WAV', async () => {
    const questions = files.map(([, bytes, settings], i): Question => {
      writeFileSync(join(root, `${i}.wav`), bytes);
      return { path: `${i}.wav`, media: hearing(settings) };
    });
    const found = await answers('audio', questions);
    expect(found).toHaveLength(files.length);
    for (const [i, question] of questions.entries()) {
      expect({ what: files[i]?.[0], error: found[i]?.error }).toEqual({ what: files[i]?.[0], error: undefined });
      expectSame(found[i], await ours(question), 1e-6);
    }
  });

  it('says what the app says of files that it cannot use', async () => {
    const bad: readonly (readonly [name: string, bytes: Uint8Array, words: string])[] = [
      ['silent.wav', writeWav(new Array<number>(800).fill(0)), 'silent from beginning to end'],
      ['none.wav', writeWav([]), 'the recording is empty'],
      ['text.wav', new TextEncoder().encode('no sound'), 'does not start as a WAV file does'],
      ['empty.wav', new Uint8Array(), 'does not start as a WAV file does'],
      ['headless.wav', writeWav([]).subarray(0, 36), 'it holds no samples'],
      ['swapped.wav', Buffer.from('RIFF    WAVEdata\u0002\0\0\0ab'), 'its samples come before their format'],
      ['half.wav', writeWav([0.5], { float: true, bits: 16 }), '(format 3, 16 bits)'],
      [
        'nan.wav',
        writeWav([0.5, 0.25, Number.NaN], { float: true, bits: 32 }),
        'holds samples that are not numbers, the first at 0.000 s',
      ],
      [
        'infinite.wav',
        writeWav([...new Array<number>(80).fill(0.5), Number.NEGATIVE_INFINITY], { float: true, bits: 64 }),
        'the first at 0.010 s',
      ],
      ['nothing.wav', writeWav([0.5], { sampleRate: 0 }), 'it says 1 channels at 0 samples a second'],
      [
        'slow.wav',
        writeWav(new Array<number>(300).fill(0.5), { sampleRate: 1 }),
        'has 1 samples a second, the network hears 8000: at least 80 are needed',
      ],
      [
        'half-missing.wav',
        writeWav(sound(0.5, 8000)).subarray(0, 44 + 3200),
        'cut off: its header says 0.50 s, 0.20 s are there',
      ],
      [
        'stereo-missing.wav',
        writeWav(sound(0.5, 8000, 2), { channels: 2, bits: 24 }).subarray(0, -2 * 3 * 200),
        'its header says 0.50 s, 0.47 s are there',
      ],
      ['only-header.wav', writeWav(sound(0.5, 8000)).subarray(0, 44), 'its header says 0.50 s, 0.00 s are there'],
      ['long.wav', writeWav(new Array<number>(1202).fill(0.5), { sampleRate: 2 }), 'lasts 601 s, at most 600 s'],
    ];
    const questions = bad.map(([name, bytes]): Question => {
      writeFileSync(join(root, name), bytes);
      return { path: name, media: hearing() };
    });
    for (const [i, { error }] of (await answers('audio', questions)).entries()) {
      expect(error).toContain(bad[i]?.[2]);
      expect(`${error}.`).toBe((await ours(questions[i] as Question)).error);
    }
  });
});

describe.skipIf(missing !== null && !required)('features.py of a network that sees', () => {
  beforeAll(() => {
    if (missing !== null) throw new Error(missing);
  });
  const random = new Random(4, 'pictures');
  const noise = (count: number, most: number): number[] => Array.from({ length: count }, () => random.below(most + 1));
  const seeing = (settings: object = {}): MediaSettings =>
    mediaSettings.parse({ kind: 'image', height: 7, width: 5, ...settings });
  const [width, height] = [23, 18];
  const places = width * height;
  const sixteen = noise(48, 255);
  const size = { width, height };

  const pictures: readonly (readonly [what: string, bytes: Uint8Array, settings?: object])[] = [
    ['colours', writePng({ ...size, depth: 8, type: 'colour', samples: noise(3 * places, 255) })],
    ['colours in grey', writePng({ ...size, depth: 8, type: 'colour', samples: noise(3 * places, 255) }), { channels: 1 }],
    ['grey', writePng({ ...size, depth: 8, type: 'grey', samples: noise(places, 255) })],
    ['black and white', writePng({ ...size, depth: 1, type: 'grey', samples: noise(places, 1) }), { channels: 1 }],
    ['four greys', writePng({ ...size, depth: 2, type: 'grey', samples: noise(places, 3) })],
    ['sixteen greys', writePng({ ...size, depth: 4, type: 'grey', samples: noise(places, 15) })],
    ['grey of 16 bits', writePng({ ...size, depth: 16, type: 'grey', samples: noise(places, 65_535) })],
    ['colours of 16 bits', writePng({ ...size, depth: 16, type: 'colour', samples: noise(3 * places, 65_535) })],
    ['colours and opacity of 16 bits', writePng({ ...size, depth: 16, type: 'colourAlpha', samples: noise(4 * places, 65_535) })],
    ['grey and opacity of 16 bits', writePng({ ...size, depth: 16, type: 'greyAlpha', samples: noise(2 * places, 65_535) })],
    [
      'interlaced',
      writePng({ ...size, depth: 8, type: 'colour', samples: noise(3 * places, 255), interlaced: true, filtered: true }),
    ],
    ['interlaced, 2 bits', writePng({ ...size, depth: 2, type: 'grey', samples: noise(places, 3), interlaced: true })],
    ['grey and opacity', writePng({ ...size, depth: 8, type: 'greyAlpha', samples: noise(2 * places, 255) })],
    ['colours and opacity', writePng({ ...size, depth: 8, type: 'colourAlpha', samples: noise(4 * places, 255) })],
    ['a palette', writePng({ ...size, depth: 8, type: 'palette', samples: noise(places, 15), palette: sixteen })],
    ['a palette of 4 bits', writePng({ ...size, depth: 4, type: 'palette', samples: noise(places, 15), palette: sixteen })],
    [
      'a palette of 2 bits, partly transparent',
      writePng({
        ...size,
        depth: 2,
        type: 'palette',
        samples: noise(places, 3),
        palette: sixteen.slice(0, 12),
        transparency: [0, 100],
      }),
    ],
    [
      'one grey transparent',
      writePng({ ...size, depth: 8, type: 'grey', samples: noise(places, 3).map((x) => 50 * x), transparency: [0, 100] }),
    ],
    [
      'one colour transparent',
      writePng({
        ...size,
        depth: 8,
        type: 'colour',
        samples: noise(3 * places, 1).map((x) => 90 * x),
        transparency: [0, 90, 0, 0, 0, 90],
      }),
    ],
    ['enlarged', writePng({ width: 2, height: 3, depth: 8, type: 'colour', samples: noise(18, 255) }), { width: 9, height: 8 }],
    ['taller than what is read at once', writePng({ width: 2, height: 600, depth: 8, type: 'grey', samples: noise(1200, 255) })],
  ];

  it('gives the numbers of the app for every kind of PNG', async () => {
    const questions = pictures.map(([, bytes, settings], i): Question => {
      writeFileSync(join(root, `${i}.png`), bytes);
      return { path: `${i}.png`, media: seeing(settings) };
    });
    const found = await answers('image', questions);
    expect(found).toHaveLength(pictures.length);
    for (const [i, question] of questions.entries()) {
      expect({ what: pictures[i]?.[0], error: found[i]?.error }).toEqual({ what: pictures[i]?.[0], error: undefined });
      expectSame(found[i], await ours(question), 1e-9);
    }
  });

  /** Pillow writes the files, so that nothing of the app's has a part in them. */
  const madeByPillow = (code: string): string => `
from PIL import Image
folder = sys.argv[1] + "/"
photo = Image.new("RGB", (61, 43))
photo.putdata([(x * 7 % 256, (y * 11 + x * 3) % 256, x * y % 256) for y in range(43) for x in range(61)])
${code}`;

  it('gives the numbers of the app, bit by bit, for every kind of JPEG in grey and colours', async () => {
    const kinds = ['444', '422', '420'].flatMap((name) => [name, `${name}-progressive`]);
    const names = [...kinds, 'grey', 'grey-progressive', 'one-colour', 'tiny', 'restarts', 'bad'].map((name) => `${name}.jpg`);
    const code = madeByPillow(`
for number, name in enumerate(["444", "422", "420"]):
    photo.save(folder + name + ".jpg", subsampling=number, quality=80)
    photo.save(folder + name + "-progressive.jpg", subsampling=number, quality=80, progressive=True)
photo.convert("L").save(folder + "grey.jpg", quality=90)
photo.convert("L").save(folder + "grey-progressive.jpg", quality=90, progressive=True)
Image.new("RGB", (16, 16), (200, 30, 90)).save(folder + "one-colour.jpg", subsampling=2)
photo.crop((0, 0, 1, 3)).save(folder + "tiny.jpg", subsampling=2)
photo.save(folder + "restarts.jpg", quality=50, optimize=True, subsampling=1)
photo.save(folder + "bad.jpg", quality=3, subsampling=2)`);
    const media = [seeing({ height: 43, width: 61 }), seeing(), seeing({ channels: 1, height: 70, width: 9 })];
    const questions = names.flatMap((path) => media.map((one): Question => ({ path, media: one })));
    const found = await answers('image', questions, code);
    for (const [i, question] of questions.entries()) expectSame(found[i], await ours(question), 1e-9);
  });

  it('gives nearly the numbers of the app for inks: decoders differ by a level or two of 256', async () => {
    const code = madeByPillow('photo.convert("CMYK").save(folder + "inks.jpg", subsampling=0)');
    const question = { path: 'inks.jpg', media: seeing({ height: 43, width: 61 }) };
    expectSame((await answers('image', [question], code))[0], await ours(question), 2 / 255);
  });

  it('sees pictures upright, as Pillow turns them by their EXIF', async () => {
    const code = madeByPillow(`
from PIL import ImageOps
for number in range(1, 9):
    exif = Image.Exif()
    exif[0x0112] = number
    photo.save(folder + f"turned-{number}.jpg", exif=exif)
    photo.save(folder + f"turned-{number}.png", exif=exif)
    for ending in ["jpg", "png"]:
        ImageOps.exif_transpose(Image.open(folder + f"turned-{number}.{ending}")).save(folder + f"upright-{number}-{ending}.png")
exif = b"Exif\\0\\0MM\\0*\\0\\0\\0\\x08\\0\\x02\\x01\\x0f\\0\\x02\\0\\0\\0\\1a\\0\\0\\0\\1\\x12\\0\\3\\0\\0\\0\\1\\0\\6\\0\\0\\0\\0\\0\\0"
photo.save(folder + "turned-9.jpg", exif=exif)
ImageOps.exif_transpose(Image.open(folder + "turned-9.jpg")).save(folder + "upright-9-jpg.png")`);
    const turned = [
      ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((number) => [`turned-${number}.jpg`, `upright-${number}-jpg.png`] as const),
      ...[1, 2, 3, 4, 5, 6, 7, 8].map((number) => [`turned-${number}.png`, `upright-${number}-png.png`] as const),
    ];
    const media = seeing({ height: 12, width: 9 });
    const found = await answers(
      'image',
      turned.flat().map((path): Question => ({ path, media })),
      code,
    );
    for (const [i, [path, wanted]] of turned.entries()) {
      const upright = await ours({ path: wanted, media });
      expectSame(await ours({ path, media }), upright, 1e-9);
      expectSame(found[2 * i], upright, 1e-9);
    }
  });

  it('says what is wrong with files that are no pictures, and that Pillow is needed', async () => {
    const huge = hugeHeader(writePng({ width: 1, height: 1, depth: 8, type: 'grey', samples: [0] }));
    const bad: readonly (readonly [name: string, bytes: Uint8Array, words: RegExp])[] = [
      ['words.png', new TextEncoder().encode('not a picture'), /^words\.png: .* neither as a PNG nor as a JPEG does$/],
      ['half.png', pictures[0]?.[1].subarray(0, 200) ?? new Uint8Array(), /^half\.png: this is no picture that can be read: \S/],
      ['start.png', pictures[0]?.[1].subarray(0, 20) ?? new Uint8Array(), /^start\.png: this is no picture that can be read: \S/],
      ['half.jpeg', Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0), /^half\.jpeg: this is no picture that can be read: \S/],
      ['huge.png', huge, /^huge\.png: .*: 20000 x 20000 pixels are too many$/],
    ];
    const questions = bad.map(([name, bytes]): Question => {
      writeFileSync(join(root, name), bytes);
      return { path: name, media: seeing() };
    });
    for (const [i, { error }] of (await answers('image', questions)).entries()) {
      expect(error).toMatch(bad[i]?.[2] ?? '');
      expect(error).not.toContain('\n');
      expect((await ours(questions[i] as Question)).error).toContain('no picture that can be read');
    }
    const [without] = await answers('image', questions.slice(2), 'sys.modules["PIL"] = None');
    expect(without?.error).toBe('start.png: pictures are read with Pillow: pip install pillow');
  });

  it('reads the pictures of a video in the order of the app', async () => {
    const names = [
      ...['frame_2.png', 'frame_10.png', 'Frame_3.png', 'frame-1.png', 'frame.1.png', 'a.png', 'A.png', 'a1.png', 'a_1.png'],
      ...['a 1.png', 'b.png', 'B2.png', 'b10.PNG', '1.png', '01.png', '10.png', '2.png', '(1).png', 'a(1).png'],
    ];
    mkdirSync(join(root, 'video'));
    names.forEach((name, i) => {
      writeFileSync(join(root, 'video', name), writePng({ width: 1, height: 1, depth: 8, type: 'grey', samples: [i] }));
    });
    writeFileSync(join(root, 'video', 'notes.txt'), 'not a picture');
    mkdirSync(join(root, 'nothing'));
    const media = seeing({ kind: 'frames', width: 1, height: 1, channels: 1 });
    const paths = ['video', 'video/a.png', ' video/b.png; video/a.png', 'nothing'];
    const questions = paths.map((path): Question => ({ path, media }));
    const found = await answers('frames', questions);
    expect(found[0]?.steps).toHaveLength(names.length);
    for (const [i, question] of questions.slice(0, 3).entries()) {
      expectSame(found[i], await ours(question), 1e-9);
    }
    expect(found[3]?.error).toContain('it holds no PNG or JPEG files');
    expect((await ours(questions[3] as Question)).error).toContain('it holds no PNG or JPEG files');
  });
});
