import '../../../backends/gradients.tf.ts';
import '@tensorflow/tfjs-backend-cpu';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeBatch } from '../../../data/batches.ts';
import { exportUntrained, python, trainCases, trainMissing, trainPython } from './train-cases.ts';

/** What train.py makes of a file, as JSON: `[input, target]` of each example. */
const printExamples = `
import json, sys
from argparse import Namespace
import data, network
_, vocabulary = network.load()
options = Namespace(format=None, input=None, target=None, no_header=False)
print(json.dumps([[x.tolist(), y.tolist()] for x, y in data.read_data({"train": [sys.argv[1]]}, vocabulary, options)["train"]]))`;

describe.skipIf(trainMissing())('train.py reads what the app reads', () => {
  const root = mkdtempSync(join(tmpdir(), 'unroll-train-script-'));
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });
  it.each(trainCases)('$file: the same inputs and targets, and it learns them', async (one) => {
    const { path, directory, encoding, data } = await exportUntrained(root, one);
    const split = data.splits.train;
    const { stdout, stderr } = await python(directory, '-c', printExamples, path);
    expect(stderr).toBe('');
    const examples = JSON.parse(stdout) as [unknown, unknown][];
    const order = Array.from({ length: split.count }, (_, i) => i);
    // Windows stand in the order of time, whatever the file's.
    if (one.task !== 'forecasting') order.sort((a, b) => (split.lines[a] ?? 0) - (split.lines[b] ?? 0));
    expect(examples).toHaveLength(order.length);
    order.forEach((example, at) => {
      const batch = makeBatch(split, Uint32Array.of(example), encoding.facts.features);
      const width = encoding.facts.features ?? 0;
      const input = batch.tokens ?? batch.series ?? [];
      const [x, y] = examples[at] ?? [];
      const flat = [x].flat(3) as number[];
      expect(flat).toHaveLength(batch.steps * Math.max(1, width));
      flat.forEach((value, i) => {
        expect(value).toBeCloseTo(input[i] ?? Number.NaN, 5);
      });
      const targets = [y].flat() as number[];
      const expected = Array.from(batch.tagTargets ?? batch.classTargets ?? batch.numberTargets ?? []);
      expect(targets).toHaveLength(expected.length);
      targets.forEach((value, k) => {
        expect(value).toBeCloseTo(expected[k] ?? Number.NaN, 5);
      });
    });
    const trained = await python(directory, 'train.py', path, '--epochs', '60', '--learning-rate', '0.02');
    expect(trained.stderr).toBe('');
    const losses = [...trained.stdout.matchAll(/^epoch \d+ {2}loss ([\d.]+)/gm)].map((match) => Number(match[1]));
    expect(losses).toHaveLength(60);
    expect(losses[59]).toBeLessThan((losses[0] ?? 0) / 3);
  });

  it('takes columns by other names, and says what is wrong with a file', async () => {
    const [first] = trainCases;
    if (first === undefined) throw new Error('no case');
    const { directory } = await exportUntrained(root, { ...first, file: 'named.csv' });
    const other = 'id;words;kind\n1;hello Kate;greeting\n';
    const asked: readonly (readonly [file: string, content: string, ...options: string[]])[] = [
      ['other.csv', other, '--input', 'words', '--target', 'kind'],
      ['other.csv', other],
      ['class.csv', 'text,label\nhello,poem\n'],
      ['ragged.csv', 'text,label\nhello\n'],
      ['broken.jsonl', '{"text": "hello", "label": "greeting"}\n{"text":'],
      ['examples.xyz', 'hello'],
      ['empty.csv', 'text,label\n'],
    ];
    for (const [name, content] of asked) writeFileSync(join(directory, name), content);
    // All in one process: loading torch takes longer than the rest.
    const program = `
import json, sys, train
for arguments in json.loads(sys.argv[1]):
    sys.argv = ["train.py", *arguments]
    try:
        train.main()
    except SystemExit as error:
        print(error)`;
    const calls = asked.map(([name, _content, ...options]) => [name, '--epochs', '1', ...options]);
    const { stdout, stderr } = await python(directory, '-c', program, JSON.stringify(calls));
    expect(stderr).toMatch(/^left out: line 2: no JSON.*\n$/);
    const said = stdout.split('\n').filter((line) => line !== '' && !/^(examples|kept): /.test(line));
    const expected = [
      /^epoch 1 {2}loss [\d.]+ \| all of it: loss [\d.]+, accuracy [\d.]+ \*$/,
      /no input column \['text'\]; there are: id, words, kind\. Name one with --input/,
      /line 2: not an example of this model: unknown class 'poem'/,
      /no examples; line 2: expected 2 cells, found 1/,
      /^epoch 1 {2}loss [\d.]+ \| all of it: loss [\d.]+, accuracy [\d.]+ \*$/,
      /expected a file that ends in \.jsonl/,
      /no examples/,
    ];
    expect(said).toHaveLength(expected.length);
    expected.forEach((words, i) => {
      expect(said[i]).toMatch(words);
    });
  });

  it('saves when it is told to stop, and goes on from there', async () => {
    const [first] = trainCases;
    if (first === undefined) throw new Error('no case');
    const { path, directory } = await exportUntrained(root, { ...first, file: 'stopped.csv' });
    const child = spawn(trainPython(), ['train.py', path, '--epochs', '1000000'], {
      cwd: directory,
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
    });
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const trained = out.includes('epoch 1 ');
      out += text;
      if (!trained && out.includes('epoch 1 ')) child.kill('SIGTERM');
    });
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect(code).toBe(0);
    const step = Number(/^stopped after step (\d+); --resume goes on from checkpoint\.pt$/m.exec(out)?.[1]);
    expect(step).toBeGreaterThan(0);
    const { stdout, stderr } = await python(directory, 'train.py', path, '--resume', '--epochs', String(step + 2));
    expect(stderr).toBe('');
    expect(stdout.match(/^epoch \d+/gm)).toEqual([`epoch ${step + 1}`, `epoch ${step + 2}`]);
    const other = await python(directory, 'train.py', path, '--resume', '--batch-size', '2');
    expect(other.stderr).toMatch(/^--resume: checkpoint\.pt is of another run: settings was /);
  });
});
