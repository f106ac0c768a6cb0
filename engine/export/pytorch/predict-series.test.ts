import '../../backends/gradients.tf.ts';
import '@tensorflow/tfjs-backend-cpu';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportUntrained, python, type TrainCase, trainMissing } from './train/train-cases.ts';

/** German numbers, newest step first; the network reads two of the columns, not in their order, in windows of 5 steps. */
const days = Array.from({ length: 30 }, (_, i) => ({ day: i + 1, rain: 1000.25 + i, heat: -i / 2 }));
const german = (value: number): string => value.toLocaleString('de-DE', { minimumFractionDigits: 2 });
const row = ({ day, rain, heat }: (typeof days)[number]): string =>
  [`${String(day).padStart(2, '0')}.01.2024`, german(rain), `"${german(heat)}"`].join(';');
const header = 'Tag;Regen;Wärme';
const weather: TrainCase = {
  file: 'wetter.csv',
  content: `${header}\n${days.map(row).reverse().join('\n')}\n`,
  task: 'forecasting',
  reader: { format: 'series', inputColumns: ['Wärme', 'Regen'], targetColumns: ['Regen'] },
};
const last = days.slice(-5).map(({ rain, heat }) => [heat, rain]);

/** What each content is read as, or what is said of it; in one process: loading torch takes longer than the rest. */
const program = `
import inputs, json, network, sys
from pathlib import Path
_, vocabulary = network.load()
found = []
for text in json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")):
    try:
        found.append(inputs.read_series(text.encode(vocabulary["reading"]["encoding"]), vocabulary))
    except ValueError as error:
        found.append(str(error))
print(json.dumps(found))`;

describe.skipIf(trainMissing())('predict.py reads a series as train.py does', () => {
  const root = mkdtempSync(join(tmpdir(), 'unroll-predict-series-'));
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });
  const read = async (directory: string, contents: readonly string[]): Promise<unknown[]> => {
    writeFileSync(join(root, 'contents.json'), JSON.stringify(contents));
    const { stdout, stderr } = await python(directory, '-c', program, join(root, 'contents.json'));
    expect(stderr).toBe('');
    return JSON.parse(stdout) as unknown[];
  };

  it('by the names of its columns, in the order of its dates, with the signs and numbers of training', async () => {
    const { directory, content } = { ...weather, ...(await exportUntrained(root, weather)) };
    const damaged = content.replace('1.029,25', 'viel');
    const old = content.replace('1.000,25', 'viel');
    expect(await read(directory, [content, damaged, old])).toEqual([
      last,
      "line 2: column 'Regen': expected a number, found 'viel'",
      last,
    ]);
    const told = await python(directory, 'predict.py', '--json', join(root, 'wetter.csv'));
    expect(told.stderr).toBe('');
    expect(JSON.parse(told.stdout)).toMatchObject({ names: ['Regen'], values: [expect.any(Number)] });
  });

  it('from plain columns in the order of the inputs; what is no number is said', async () => {
    const { directory } = await exportUntrained(root, { ...weather, file: 'plain.csv' });
    const plain = last.map((step) => step.map(german).join(';')).join('\n');
    expect(
      await read(directory, [plain, `x;y\n${plain}`, plain.replaceAll(';', '\t'), '1,5;zwei', '1,5;2;3', '1.5;2', '']),
    ).toEqual([
      last,
      last,
      last,
      "line 1: expected a number, found 'zwei'",
      'line 1: expected 2 numbers, got 3',
      // A point between thousands: not one and a half.
      "line 1: expected a number, found '1.5'",
      [],
    ]);
  });

  it('refuses several series in one table', async () => {
    const grouped = days.flatMap((day) => ['a', 'b'].map((place) => `${row(day)};${place}`));
    const { directory, content } = await (async () => {
      const one = { ...weather, file: 'orte.csv', content: `${header};Ort\n${grouped.join('\n')}\n` };
      return { ...one, ...(await exportUntrained(root, { ...one, reader: { ...one.reader, groupColumn: 'Ort' } })) };
    })();
    const alone = `${header};Ort\n${grouped.filter((line) => line.endsWith('a')).join('\n')}`;
    expect(await read(directory, [content, alone])).toEqual(["expected one series, found 2 in the column 'Ort'", last]);
  });
});
