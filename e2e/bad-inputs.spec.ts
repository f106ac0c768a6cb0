import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { encode } from 'fast-png';
import { accessibleInBothThemes } from './accessible.ts';
import { expect, test } from './fixtures.ts';
import { Studio } from './studio.ts';

/** 16-bit mono WAV. */
function wav(samples: readonly number[], sampleRate = 16_000): Buffer {
  const bytes = Buffer.alloc(44 + samples.length * 2);
  bytes.write('RIFF', 0);
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.write('WAVEfmt ', 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(sampleRate, 24);
  bytes.writeUInt32LE(sampleRate * 2, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36);
  bytes.writeUInt32LE(samples.length * 2, 40);
  for (const [i, value] of samples.entries()) bytes.writeInt16LE(Math.round(value * 32_000), 44 + i * 2);
  return bytes;
}
const tone = (pitch: number): number[] => Array.from({ length: 1600 }, (_, i) => Math.sin((i * pitch) / 50) / 2);

async function look(page: Page, path: string): Promise<void> {
  const other = page.getByRole('button', { name: 'Other data' });
  const box = page.getByRole('textbox', { name: 'Path of the file' });
  await expect(other.or(box).first()).toBeVisible();
  if (!(await box.isVisible())) await other.click();
  await box.fill(path);
  await page.getByRole('button', { name: 'Look' }).click();
}

/** Opens what the report says of rows that could not be read. */
async function badRows(page: Page): Promise<string> {
  const found = page.getByRole('list', { name: 'Worth a second look' });
  await found.getByText(/could not be read/).click({ timeout: 30_000 });
  return found.locator('.findings__rows').innerText();
}

test('bad data is told in words, each where it is', async ({ app, window: page }) => {
  const studio = new Studio(page);
  await expect(studio.node('GRU cell')).toBeVisible();
  await studio.newDocument();
  await studio.tab('Data');
  const write = (name: string, content: string | Uint8Array): string => {
    const path = join(app.home, name);
    writeFileSync(path, content);
    return path;
  };

  await test.step('an empty file', async () => {
    await look(page, write('empty.csv', ''));
    await expect(page.getByRole('alert').first()).toContainText('is empty: expected rows, found 0 bytes');
    await look(page, join(app.home, 'nowhere.csv'));
    await expect(page.getByRole('alert').first()).toContainText('nowhere.csv');
  });

  await test.step('labels that are missing', async () => {
    const rows = Array.from(
      { length: 40 },
      (_, i) => `what a ${i % 2 ? 'fine' : 'poor'} film ${i},${i % 8 === 3 ? '' : i % 2 ? 'good' : 'bad'}`,
    );
    await look(page, write('reviews.csv', ['text,label', ...rows].join('\n')));
    expect(await badRows(page)).toContain('column “label”: no label');
  });

  const found = page.getByRole('list', { name: 'Worth a second look' });
  const answers = Array.from({ length: 40 }, (_, i) => `${i % 2 ? 'yes' : 'no'}\t${i % 2 ? 'good' : 'bad'}`);

  await test.step('sequences of one token', async () => {
    await look(page, write('short.tsv', ['text\tlabel', ...answers].join('\n')));
    const settings = page.getByRole('complementary', { name: 'Data settings' });
    await settings.getByRole('combobox', { name: 'Split text into' }).click();
    await page.getByRole('option', { name: 'Words', exact: true }).click();
    await expect(found).toContainText('Every example is a single token: nothing is carried from one step to the next.', {
      timeout: 30_000,
    });
  });

  await test.step('a line of 50,000 tokens', async () => {
    const long = `${'word '.repeat(50_000)}\tgood`;
    await look(page, write('long.tsv', ['text\tlabel', ...answers.map((row) => `well then, ${row}`), long].join('\n')));
    await expect(found).toContainText(
      '1 sequence is longer than the longest length, and cut to it. Raise “Longest sequence” to keep all.',
      {
        timeout: 30_000,
      },
    );
    await expect(found).not.toContainText('single token');
  });

  await test.step('a picture that is none, and one that is not there', async () => {
    const rows = Array.from({ length: 12 }, (_, i) => {
      const picture = encode({ width: 4, height: 4, channels: 3, data: new Uint8Array(48).fill(i % 2 ? 240 : 10) });
      write(`${i}.png`, i === 5 ? 'no picture at all' : picture);
      return `${i}.png,${i % 2 ? 'light' : 'dark'}`;
    });
    await look(page, write('pictures.csv', ['picture,label', ...rows, 'gone.png,dark'].join('\n')));
    const settings = page.getByRole('complementary', { name: 'Data settings' });
    await expect(settings.getByRole('combobox', { name: 'Holds' })).toHaveText(/pictures/);
    const told = await badRows(page);
    expect(told).toContain('starts neither as a PNG nor as a JPEG does');
    expect(told).toMatch(/gone\.png cannot be read: there is no such file/);
    await expect(page.getByRole('region', { name: 'Examples' })).toContainText(/\d+\.png/);
  });

  await test.step('a recording that is silent', async () => {
    const rows = Array.from({ length: 12 }, (_, i) => {
      write(`${i}.wav`, wav(i === 4 ? new Array(1600).fill(0) : tone(i % 2 ? 8 : 2)));
      return `${i}.wav,${i % 2 ? 'high' : 'low'}`;
    });
    await look(page, write('sounds.csv', ['recording,label', ...rows].join('\n')));
    const settings = page.getByRole('complementary', { name: 'Data settings' });
    await expect(settings.getByRole('combobox', { name: 'Holds' })).toHaveText(/recordings/);
    expect(await badRows(page)).toContain('the recording is silent from beginning to end');
  });
});

test('a model of sounds is asked about a file, and says why it cannot read another', async ({ app, window: page }) => {
  const studio = new Studio(page);
  await expect(studio.node('GRU cell')).toBeVisible();
  const rows = Array.from({ length: 40 }, (_, i) => {
    writeFileSync(join(app.home, `${i}.wav`), wav(tone(i % 2 ? 8 + i / 20 : 2 + i / 40)));
    return `${i}.wav,${i % 2 ? 'high' : 'low'}`;
  });
  writeFileSync(join(app.home, 'sounds.csv'), ['recording,label', ...rows].join('\n'));
  writeFileSync(join(app.home, 'silent.wav'), wav(new Array(1600).fill(0)));
  await studio.newDocument();
  await studio.attach(join(app.home, 'sounds.csv'));
  await studio.tab('Design');
  await studio.addLayers([
    ['Numeric series', 20, 90],
    ['Recurrent', 480, 90],
    ['Dense softmax', 250, 250],
    ['GRU cell', 480, 250],
  ]);
  await page.getByRole('button', { name: 'Zoom to fit' }).click();
  const recurrent = studio.node('Recurrent');
  await studio.wire(studio.node('Numeric series'), 'sequence', recurrent, 'sequence');
  await studio.wire(studio.node('GRU cell'), 'cell', recurrent, 'cell');
  await studio.wire(recurrent, 'output', studio.node('Dense softmax'), 'input');
  await recurrent.click();
  const inspector = page.getByRole('complementary', { name: 'Inspector' });
  await inspector.getByRole('combobox', { name: 'Output' }).click();
  await page.getByRole('option', { name: /last/ }).click();
  await studio.train();
  await studio.trained();

  await studio.tab('Playground');
  const answer = page.getByRole('region', { name: 'Prediction' });
  const path = page.getByRole('textbox', { name: 'Path of a recording' });
  await path.fill(join(app.home, '3.wav'));
  await page.getByRole('button', { name: 'Try it' }).click();
  await expect(answer.getByText(/high/)).toBeVisible({ timeout: 30_000 });
  await expect(answer.getByText(/%/).first()).toBeVisible();
  await path.fill(join(app.home, 'silent.wav'));
  await path.press('Enter');
  await expect(answer).toContainText('silent.wav: the recording is silent from beginning to end.');
  await path.fill(join(app.home, 'none.wav'));
  await path.press('Enter');
  await expect(answer).toContainText('there is no such file');
  await page.getByRole('region', { name: 'Rows of the data' }).getByRole('button', { name: /\.wav/ }).first().click();
  await expect(answer).toContainText('True in the data');
  await expect(answer.getByText(/%/).first()).toBeVisible();
});

test('a model that the memory cannot hold is a problem before it is trained, until it is smaller', async ({
  app,
  window: page,
}) => {
  const studio = new Studio(page);
  await expect(studio.node('GRU cell')).toBeVisible();
  const template = join(import.meta.dirname, '..', 'templates', 'syllables', 'template.json');
  const { document } = JSON.parse(readFileSync(template, 'utf8'));
  const wide = {
    ...document,
    nodes: document.nodes.map((node: { kind: string }) =>
      node.kind === 'gru-cell' ? { ...node, kind: 'lstm-cell', params: { hidden: 8192 } } : node,
    ),
    training: { ...document.training, device: 'wasm' },
  };
  const file = join(app.home, 'wide.unroll.json');
  writeFileSync(file, JSON.stringify(wide));
  await studio.open(file);
  await page.getByRole('contentinfo').getByRole('button', { name: '1 problem' }).click();
  const problems = page.getByRole('region', { name: 'Problems' });
  await expect(problems).toContainText(/training needs at least [\d.,]+ GB of memory, .* [\d.,]+ GB: .*Lower the/);
  await accessibleInBothThemes(page, 'problems');
  await problems.getByRole('button', { name: /training needs at least/ }).click();
  await studio.node('LSTM cell').click();
  const width = page.getByRole('complementary', { name: 'Inspector' }).getByRole('textbox', { name: 'Width' });
  await width.fill('16');
  await width.press('Enter');
  await expect(page.getByRole('button', { name: 'No problems' })).toBeVisible();
  await expect(problems).toHaveCount(0);
});
