import '../../backends/gradients.tf.ts';
import '@tensorflow/tfjs-backend-cpu';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { initializeParameters } from '../../compile/initialize.ts';
import { Model } from '../../compile/materialize.tf.ts';
import { writePng } from '../../data/media/fixtures/write-png.ts';
import { writeWav } from '../../data/media/fixtures/write-wav.ts';
import { predictSteps, readInputFile } from '../../predict/input-file.ts';
import type { DecodeSettings, Prediction } from '../../protocol/predict.ts';
import { Random } from '../../random.ts';
import { exportOnnx } from '../onnx/export.ts';
import { warmPython } from '../warm-python.test-support.ts';
import { writeFolder } from '../write-folder.ts';
import { codeFiles, exportPytorch } from './export.ts';
import { findTorch } from './find-torch.ts';
import { computeGoldens } from './goldens.tf.ts';
import { mediaCases } from './media-cases.ts';
import { namedCase } from './named-case.ts';
import type { ParityCase } from './parity-cases.ts';
import { structureCases } from './structure-cases.ts';

const torch = findTorch();
const required = process.env['UNROLL_REQUIRE_ALL'] === '1';
const missing = 'reason' in torch ? torch.reason : torch.pillow ? null : `${torch.python} has no Pillow`;
if (missing !== null) console.warn(`exports of networks that hear and see are not run: ${missing}`);

const cases = mediaCases();

describe('an export of a network that reads files', () => {
  it.each(cases.map((one) => [one.name, one] as const))('%s: holds features.py and its settings', (_name, one) => {
    const { media } = one.encoding.binding;
    const files = exportPytorch({
      ...one,
      parameters: initializeParameters(one.plan, 3),
      goldens: { batches: [], predictions: [] },
    });
    expect(files.get('features.py')).toContain('def read_steps(');
    const { media: rule } = JSON.parse(files.get('vocabulary.json') as string) as { media: Record<string, unknown> };
    expect(rule['kind']).toBe(media.kind);
    const settings = Object.values(media);
    expect(Object.values(rule)).toEqual(settings);
    expect(files.get('README.md')).toContain('features.py');
    expect((files.get('README.md') as string).includes('pillow')).toBe(media.kind !== 'audio');
  });

  it('leaves all others as they are', () => {
    const [plain] = structureCases();
    if (plain === undefined) throw new Error('no case');
    expect([...codeFiles(plain).keys()]).not.toContain('features.py');
  });

  it.each([
    [
      'recording to class · mfcc',
      ['resampled to 8000 a second', 'Frames of 25 ms, one every 10 ms', '12 triangles', 'first 7 values'],
    ],
    ['picture to class', ['Resized to 6 rows of 5 pixels', 'Grey: 0.299 red', ': 30 numbers', 'torch and Pillow']],
  ])('as ONNX tells how features are made, with the code: %s', (name, words) => {
    const one = namedCase(name);
    const files = exportOnnx({
      ...one,
      parameters: initializeParameters(one.plan, 3),
      goldens: { batches: [], predictions: [] },
    });
    expect(files.get('features.py')).toBe(codeFiles(one).get('features.py'));
    for (const word of words) expect(files.get('README.md')).toContain(word);
  });
});

/** Runs scripts of exported folders in one process, each as if alone: loading torch takes longer than they do. */
const runner = `
import contextlib, io, json, os, runpy, sys
for line in sys.stdin:
    folder, script, arguments = json.loads(line)
    for file in os.listdir(folder):
        sys.modules.pop(file[: -len(".py")], None)
    os.chdir(folder)
    sys.path[0] = folder
    sys.argv = [script, *arguments]
    said, failure = io.TextIOWrapper(io.BytesIO(), "utf-8"), None
    with contextlib.redirect_stdout(said):
        try:
            runpy.run_path(script, run_name="__main__")
        except SystemExit as end:
            failure = end.code
    said.seek(0)
    print(json.dumps([said.read(), failure]))`;

describe.skipIf(missing !== null && !required)('predict.py of a network that reads files', () => {
  const root = mkdtempSync(join(tmpdir(), 'unroll-media-export-'));
  const made = new Map<string, string>();
  const random = new Random(8, 'media export');

  beforeAll(async () => {
    if (missing !== null) throw new Error(missing);
    await tf.setBackend('cpu');
    const sound = Array.from({ length: 9000 }, (_unused, i) => 0.5 * Math.sin(i / (4 + i / 3000)) + 0.1 * random.uniform());
    writeFileSync(join(root, 'sound.wav'), writeWav(sound, { sampleRate: 22_050, channels: 2, bits: 24 }));
    writeFileSync(join(root, 'silent.wav'), writeWav(new Array<number>(500).fill(0)));
    for (const name of ['video', 'nothing']) mkdirSync(join(root, name));
    const paths = ['picture.png', ...[1, 2, 3, 9, 10, 11].map((i) => `video/${i}.png`)];
    for (const path of paths) {
      const samples = Array.from({ length: 4 * 20 * 14 }, () => random.below(256));
      writeFileSync(join(root, path), writePng({ width: 20, height: 14, depth: 8, type: 'colourAlpha', samples }));
    }
    let number = 0;
    for (const one of cases) {
      const parameters = decided(one);
      const model = new Model(one.plan, parameters);
      const goldens = await computeGoldens(model, one.encoding);
      model.dispose();
      const files = exportPytorch({ ...one, parameters, goldens });
      const { directory } = await writeFolder(join(root, `export-${number++}`), files, { overwrite: false });
      made.set(one.name, directory);
    }
  }, 120_000);
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  /** Larger matrices: another input then gets another answer. */
  function decided({ plan }: ParityCase): ReturnType<typeof initializeParameters> {
    const larger = [...initializeParameters(plan, 3)].map(([name, tensor]) => {
      const factor = tensor.shape.length > 1 ? 2 : 1;
      return [name, { ...tensor, data: tensor.data.map((value) => factor * value) }] as const;
    });
    return new Map(larger);
  }

  type Call = readonly [name: string, script: string, ...arguments: string[]];
  const warm = warmPython('python' in torch ? torch.python : '', ['torch']);
  async function python(calls: readonly Call[]): Promise<(readonly [said: string, failure: string | null])[]> {
    const input = calls.map(([name, script, ...rest]) => JSON.stringify([made.get(name), script, rest])).join('\n');
    const { stdout, stderr } = await warm.run({ folder: root, arguments: ['-c', runner], input });
    expect(stderr).toBe('');
    return stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as readonly [string, string | null]);
  }

  const fileOf = ({ encoding }: ParityCase): string =>
    join(root, { none: '', audio: 'sound.wav', image: 'picture.png', frames: 'video' }[encoding.binding.media.kind]);

  async function app(one: ParityCase, decode?: DecodeSettings): Promise<Prediction> {
    const model = new Model(one.plan, decided(one));
    try {
      return await predictSteps({ model, encoding: one.encoding }, await readInputFile(one.encoding, fileOf(one)), decode);
    } finally {
      model.dispose();
    }
  }

  it('answers as the app does', async () => {
    const alone = cases.filter(({ plan }) => plan.task !== 'sequence-to-sequence');
    const said = await python(alone.map((one): Call => [one.name, 'predict.py', '--json', fileOf(one)]));
    for (const [i, one] of alone.entries()) {
      const [text, failure] = said[i] ?? [];
      expect({ name: one.name, failure }).toEqual({ name: one.name, failure: null });
      const found = JSON.parse(text ?? '') as { classes?: string[]; probabilities?: number[]; values?: number[] };
      const wanted = await app(one);
      if (wanted.kind === 'class') {
        const ours = found.classes?.map((name) => wanted.ranked.find(({ label }) => label === name)?.probability ?? Number.NaN);
        expect(found.probabilities).toEqual(ours?.map((value) => expect.closeTo(value, 5)));
      } else if (wanted.kind === 'numbers') {
        expect(found.values).toEqual(wanted.values.map((value) => expect.closeTo(value, 4)));
      } else throw new Error(`unexpected ${wanted.kind}`);
    }
  });

  it('says the app’s sequences, greedily and by beam search', async () => {
    const saying = cases.filter(({ plan }) => plan.task === 'sequence-to-sequence');
    expect(saying).toHaveLength(2);
    const said = await python(
      saying.flatMap((one): Call[] => [
        [one.name, 'predict.py', '--json', '--width', '1', fileOf(one)],
        [one.name, 'predict.py', '--json', '--width', '4', fileOf(one)],
      ]),
    );
    for (const [i, one] of saying.entries()) {
      const [greedy, beam] = [said[2 * i], said[2 * i + 1]].map(
        (answer) => JSON.parse(answer?.[0] ?? '') as { text: string; log_probability: number }[],
      );
      const wanted = [await app(one), await app(one, { method: 'beam', maxTokens: null, width: 4, lengthPenalty: 0.6 })].map(
        (prediction) => (prediction.kind === 'sequence' ? prediction.hypotheses : []),
      );
      expect(greedy?.[0]?.text).toBe(wanted[0]?.[0]?.text);
      expect(beam?.map(({ text }) => text)).toEqual(wanted[1]?.map(({ text }) => text));
      expect(beam?.map((hypothesis) => hypothesis.log_probability)).toEqual(
        wanted[1]?.map(({ logProbability }) => expect.closeTo(logProbability, 4)),
      );
    }
  });

  it('stands beside a parity test that reads a file, too', async () => {
    const said = await python(cases.map((one): Call => [one.name, 'test_parity.py']));
    const tests = ['test_padded_batches', 'test_padding_changes_nothing', 'test_predictions', 'test_features'];
    expect(said).toEqual(cases.map(() => [tests.map((test) => `ok  ${test}\n`).join(''), null]));
  });

  it('says in one line what is wrong with a file', async () => {
    const [hears, sees, video] = ['recording to class · log-mel', 'picture to class', 'video to class'];
    const asked: readonly (readonly [Call, RegExp])[] = [
      [
        [hears, 'predict.py', join(root, 'silent.wav')],
        /^predict\.py: silent\.wav: the recording is silent from beginning to end$/,
      ],
      [[hears, 'predict.py', join(root, 'picture.png')], /^predict\.py: picture\.png: this is no WAV file that can be read: .*$/],
      [[hears, 'predict.py', 'none.wav'], /^predict\.py: .*No such file or directory: 'none\.wav'$/],
      [[sees, 'predict.py', join(root, 'sound.wav')], /^predict\.py: sound\.wav: this is no picture that can be read: .*$/],
      [[video, 'predict.py', join(root, 'nothing')], /^predict\.py: .*: it holds no PNG or JPEG files$/],
      [[hears, 'train.py', join(root, 'bad.csv')], /bad\.csv: no examples; line 2: silent\.wav: the recording is silent/],
    ];
    writeFileSync(join(root, 'bad.csv'), 'input,target\nsilent.wav,no\n');
    const said = await python(asked.map(([call]) => call));
    asked.forEach(([, words], i) => {
      expect(said[i]?.[1]).toMatch(words);
      expect(said[i]?.[1]).not.toContain('\n');
    });
  });

  it('is followed by train.py, which learns from a table of files', async () => {
    const [hears, says] = ['recording to class · mfcc', 'picture to sequence'];
    writeFileSync(join(root, 'sounds.csv'), 'input,target\nsound.wav,maybe\n');
    writeFileSync(join(root, 'pictures.csv'), 'input,target\npicture.png,the cat\n');
    const training = ['--epochs', '60', '--learning-rate', '0.03'];
    const said = await python([
      [hears, 'train.py', join(root, 'sounds.csv'), ...training],
      [hears, 'predict.py', '--weights', 'trained.safetensors', join(root, 'sound.wav')],
      [says, 'train.py', join(root, 'pictures.csv'), ...training],
      [says, 'predict.py', '--weights', 'trained.safetensors', join(root, 'picture.png')],
    ]);
    expect(said.map(([, failure]) => failure)).toEqual([null, null, null, null]);
    expect(said[1]?.[0].split('\n')[0]).toContain('maybe');
    expect(said[3]?.[0].split('\n')[0]).toContain('the cat');
  });
});
