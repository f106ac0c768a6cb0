import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { z } from 'zod';
import { findOnnx } from '../engine/export/onnx/find-onnx.ts';
import { findTorch } from '../engine/export/pytorch/find-torch.ts';
import { rows as pronouncedWords } from '../templates/pronunciation/data.ts';
import { accessibleInBothThemes } from './accessible.ts';
import { expect, test } from './fixtures.ts';
import { savedFigure } from './looking.ts';
import { Studio } from './studio.ts';

/** Some short words of the template's dictionary with their phonemes, as one would keep them in a table. */
async function someWords(count: number): Promise<{ readonly table: string; readonly phonemes: ReadonlySet<string> }> {
  const words: { readonly word: string; readonly phonemes: readonly string[] }[] = [];
  for await (const { input, target } of pronouncedWords()) {
    if (input.kind !== 'text' || input.text.length > 6) continue;
    if (target.kind === 'sequence' && target.target.kind === 'tokens')
      words.push({ word: input.text, phonemes: target.target.tokens });
  }
  const apart = Math.floor(words.length / count);
  const some = words.filter((_, i) => i % apart === 0).slice(0, count);
  const lines = some.map(({ word, phonemes }) => `${word}\t${phonemes.join(' ')}`);
  return {
    table: `word\tphonemes\n${lines.join('\n')}\n`,
    phonemes: new Set(some.flatMap(({ phonemes }) => phonemes)),
  };
}

const pictures = process.env['UNROLL_SCREENSHOTS'] === '1';
const images = join(import.meta.dirname, '..', 'docs', 'images');

const asked = 'recurrent';
const beamWidth = 4;

/** What the playground says of the word by beam search: each sequence with its log-probability, and the attention of the best. */
async function beamOf(page: Page, studio: Studio): Promise<{ readonly said: string[]; readonly attention: string[][] }> {
  await studio.tab('Playground');
  await page.getByRole('textbox', { name: 'Type an input' }).fill(asked);
  await page.getByRole('radio', { name: 'Beam' }).click();
  await page.getByRole('textbox', { name: 'Beam width' }).fill(String(beamWidth));
  const answer = page.getByRole('region', { name: 'Prediction' });
  const rows = answer.locator('.sequences tbody tr');
  await expect(rows).toHaveCount(beamWidth, { timeout: 60_000 });
  await expect(answer).toHaveAttribute('aria-busy', 'false');
  await answer.getByText('As a table').click();
  const table = answer.getByRole('region', { name: 'Attention as a table' });
  await expect(table.getByRole('row').first()).toBeVisible();
  const cells = (await table.getByRole('row').all()).map((row) => row.locator('th, td').allInnerTexts());
  const attention = await Promise.all(cells);
  await answer.getByText('As a table').click();
  const said = (await rows.allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' ').trim());
  return { said, attention };
}

/** The log-probability in a row of the table: before the probability. */
const scoreOf = (row: string): number => Number(/(−?[\d.]+) \S+(?: %)?$/.exec(row)?.[1]?.replace('−', '-'));

const beams = z.array(z.object({ text: z.string(), log_probability: z.number() }));
/** What a person looks for in the folder; all that it holds is the export's own tests' matter. */
const pytorchFiles = [
  ...['README.md', 'config.json', 'golden.json', 'model.py', 'model.safetensors', 'vocabulary.json'],
  ...['decode.py', 'look_inside.py', 'predict.py', 'test_parity.py', 'train.py'],
];

/** What a machine lacks is a failure where everything is required, as in CI. */
function requireTool(reason: string): void {
  if (process.env['UNROLL_REQUIRE_ALL'] === '1') throw new Error(reason);
  console.warn(`not checked: ${reason}`);
}

const titles = ['Tokens', 'Embedding', 'Recurrent', 'Target tokens', 'GRU cell', 'Decoder', 'Dense softmax'];

test('an encoder–decoder with attention: built by hand, learns to pronounce, shows what it looked at, leaves and comes back', async ({
  app,
  window: page,
}) => {
  test.setTimeout(600_000);
  const studio = new Studio(page);
  await expect(studio.node('GRU cell')).toBeVisible();
  const { table, phonemes } = await someWords(400);
  const tsv = join(app.home, 'pronunciation.tsv');
  writeFileSync(tsv, table);
  await studio.newDocument();

  await test.step('the data is seen as sequence to sequence, letters in and phonemes out', async () => {
    await studio.attach(tsv);
    const settings = page.getByRole('complementary', { name: 'Data settings' });
    await expect(settings.getByRole('combobox', { name: 'Predict' })).toHaveText('Sequence to sequence');
    const input = settings.getByRole('group', { name: 'Input tokens' });
    await expect(input.getByRole('combobox', { name: 'Split text into' })).toHaveText('Characters');
    await expect(page.getByRole('region', { name: 'Most frequent target tokens' })).toContainText('AH');
    await accessibleInBothThemes(page, 'data of sequences');
  });

  await test.step('place and wire the layers', async () => {
    await studio.tab('Design');
    await studio.addLayers([
      ['Tokens', 20, 30],
      ['Embedding', 250, 30],
      ['Recurrent', 480, 30],
      ['Target tokens', 20, 250],
      ['GRU cell', 480, 140],
      ['Decoder', 480, 250],
      ['Dense softmax', 250, 140],
    ]);
    await studio.addLayers([['Embedding', 250, 250]]);
    const embeddings = page.locator('.react-flow__node').filter({ hasText: 'Embedding' });
    await expect(embeddings).toHaveCount(2);
    await page.getByRole('button', { name: 'Zoom to fit' }).click();
    const [encoder, decoder, cell] = [studio.node('Recurrent'), studio.node('Decoder'), studio.node('GRU cell')];
    const tokens = page.locator('.react-flow__node[data-id^="token-input"]');
    const said = page.locator('.react-flow__node[data-id^="target-input"]');
    await studio.wire(tokens, 'tokens', embeddings.first(), 'tokens');
    await studio.wire(embeddings.first(), 'sequence', encoder, 'sequence');
    await studio.wire(cell, 'cell', encoder, 'cell');
    await studio.wire(cell, 'cell', decoder, 'cell');
    await studio.wire(said, 'tokens', embeddings.last(), 'tokens');
    await studio.wire(embeddings.last(), 'sequence', decoder, 'sequence');
    await studio.wire(encoder, 'state', decoder, 'initial');
    await decoder.click();
    const inspector = page.getByRole('complementary', { name: 'Inspector' });
    await inspector.getByRole('combobox', { name: 'Attention', exact: true }).click();
    await page.getByRole('option', { name: 'general' }).click();
    await studio.wire(encoder, 'output', decoder, 'memory');
    await studio.wire(decoder, 'output', studio.node('Dense softmax'), 'input');
    await expect(page.locator('.react-flow__edge')).toHaveCount(9);
    await page.getByRole('button', { name: 'Arrange the graph' }).click();
    await page.getByRole('button', { name: 'Zoom to fit' }).click();
    await expect(page.getByRole('button', { name: 'No problems' })).toBeVisible();
    // Both time axes stand on the wires.
    await expect(page.getByText(/^B·U·\d+$/).first()).toBeVisible();
    await expect(page.getByText(/^B·T·\d+$/).first()).toBeVisible();
    // Ports take the focus where their node is selected, and are small where the canvas is; the inspector's Wire… does the same.
    await page.locator('.react-flow__pane').click({ position: { x: 30, y: 60 } });
    await accessibleInBothThemes(page, 'encoder–decoder on the canvas');
  });

  await test.step('a rate that explodes is asked about, and mended with a click that can be undone', async () => {
    await page.locator('.react-flow__pane').click({ position: { x: 30, y: 60 } });
    await page.getByRole('textbox', { name: 'Epochs' }).fill('12');
    const rate = page.getByRole('textbox', { name: 'Learning rate' });
    await rate.fill('0.4');
    await rate.press('Enter');
    await studio.trainButton().click();
    const dialog = page.getByRole('dialog', { name: 'Before it trains' });
    await expect(dialog).toContainText('learning rate 0.4');
    await accessibleInBothThemes(page, 'before it trains');
    await dialog.getByRole('button', { name: /^Fix/ }).click();
    await expect(dialog).toContainText('Nothing is left to fix');
    await dialog.getByRole('button', { name: 'Not yet' }).click();
    await expect(rate).toHaveValue('0.002');
    await page.keyboard.press('Control+z');
    await expect(rate).toHaveValue('0.4');
    await page.getByRole('button', { name: '1 problem' }).click();
    const problems = page.getByRole('region', { name: 'Problems' });
    await problems.getByRole('button', { name: /^Fix/ }).click();
    // With the last problem the pane goes, and the keyboard is not lost with it.
    await expect(problems).toHaveCount(0);
    await expect(page.getByRole('main')).toBeFocused();
    await rate.fill('0.01');
    await rate.press('Enter');
  });

  await test.step('train, and see what is said beside what is true', async () => {
    await studio.train();
    await studio.trained();
    await expect(studio.training.getByText('token error rate').first()).toBeVisible();
    await expect(studio.training.locator('.figures__good'), 'better than one answer for all').toBeVisible();
    await studio.training.getByRole('radio', { name: 'Examples' }).click();
    await expect(
      studio.training.getByRole('region', { name: 'Validation examples' }).getByRole('listitem').first(),
    ).toContainText(/[A-Z]/);
    await expect(studio.training.getByRole('radio', { name: 'Confusion' })).toHaveCount(0);
  });

  const before = await test.step('say it with a beam: letters on one axis of the attention, phonemes on the other', async () => {
    const found = await beamOf(page, studio);
    const scores = found.said.map(scoreOf);
    expect(scores.every((score) => Number.isFinite(score) && score <= 0)).toBe(true);
    const [head = [], ...lines] = found.attention;
    expect(head.slice(2)).toEqual([...asked]);
    const best = lines.map(([phoneme = '']) => phoneme).filter((phoneme) => phoneme !== '<eos>');
    expect(best.length).toBeGreaterThan(0);
    expect(best.filter((phoneme) => !phonemes.has(phoneme))).toEqual([]);
    expect(found.said[0]).toContain(best.join(' '));
    for (const [phoneme, most = '', ...weights] of lines) {
      expect(most, `what ${phoneme} looked at most`).toMatch(/^[recunt] · \d+ %$/);
      const sum = weights.reduce((total, weight) => total + Number(weight), 0);
      expect(sum).toBeGreaterThan(0.95);
      expect(sum).toBeLessThan(1.05);
    }
    const map = page.locator('.alignment__map');
    await expect(map.locator('.alignment__names span')).toHaveText([...asked]);
    await expect(map.locator('.alignment__said')).toHaveText(lines.map(([phoneme = '']) => phoneme));
    return found;
  });

  await test.step('choose another of the sequences, draw some, and come back to the greedy one', async () => {
    const rows = page.getByRole('region', { name: 'Prediction' }).locator('.sequences tbody tr');
    await rows.nth(1).getByRole('button').click();
    await expect(rows.nth(1).getByRole('button')).toHaveAttribute('aria-pressed', 'true');
    await page.getByRole('radio', { name: 'Sample' }).click();
    await page.getByRole('textbox', { name: 'Seed' }).fill('7');
    await expect(rows).toHaveCount(3, { timeout: 30_000 });
    await page.getByRole('radio', { name: 'Greedy' }).click();
    await expect(rows).toHaveCount(1, { timeout: 30_000 });
  });

  await test.step('read the attention by keys', async () => {
    const map = page.getByRole('application', { name: /Attention map/ });
    const readout = page.locator('.alignment__readout');
    await map.focus();
    await map.press('Home');
    await expect(readout).toContainText(`step 1 of ${asked.length}`);
    await map.press('ArrowRight');
    await expect(readout).toContainText(`step 2 of ${asked.length}`);
    await expect(readout).toContainText(/gave \d+\.\d % of its attention to e/);
    await accessibleInBothThemes(page, 'playground of sequences');
  });

  await test.step('the hypotheses of a search are a tree, in the playground and where one looks inside', async () => {
    await page.getByRole('radio', { name: 'Beam' }).click();
    const answer = page.getByRole('region', { name: 'Prediction' });
    const tree = answer.getByRole('application', { name: `Beam search with ${beamWidth} hypotheses` });
    const read = answer.getByRole('status').filter({ hasText: 'log p' });
    await expect(tree).toBeVisible({ timeout: 60_000 });
    await expect(answer).toHaveAttribute('aria-busy', 'false');
    await answer.locator('.sequences tbody tr').first().getByRole('button').click();
    await tree.focus();
    await tree.press('End');
    await expect(read).toContainText(
      /tokens\): log p −?[\d.]+, its last token [\d.]+ %; ended here with score .*, and is the answer\.$/,
    );
    const said = before.said[0] ?? '';
    expect(Number(/log p (−?[\d.]+)/.exec(await read.innerText())?.[1]?.replace('−', '-'))).toBeCloseTo(scoreOf(said), 3);
    await tree.press('Home');
    await expect(read).toContainText('(1 token)');
    await page.getByRole('button', { name: /^As a table: Beam search/ }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByRole('row').filter({ hasText: 'is the answer' })).toHaveCount(1);
    await expect(dialog.getByRole('row').filter({ hasText: 'dropped' }).first()).toBeVisible();
    await page.keyboard.press('Escape');
    for (const [kind, start] of [
      ['Picture as SVG', '<svg'],
      ['Numbers as CSV', 'said'],
    ] as const) {
      const text = (await savedFigure(page, /^Save: Beam search/, kind)).toString();
      expect(text.startsWith(start)).toBe(true);
      expect(text).toContain('1.');
      expect(text).not.toContain('var(--');
    }
    await accessibleInBothThemes(page, 'a beam search as a tree');

    await studio.tab('Design');
    await page.getByRole('button', { name: 'Look inside' }).click();
    // Where there is little room, the last views are in a menu, and the one that is chosen comes out of it.
    await page.setViewportSize({ width: 1024, height: 800 });
    await page.getByRole('button', { name: /^More: .*Beam search/ }).click();
    await page.getByRole('menuitem', { name: 'Beam search' }).click();
    await expect(page.getByRole('tab', { name: 'Beam search' })).toHaveAttribute('data-state', 'active');
    await expect(page.getByRole('button', { name: /^More: .*What if/ })).toBeVisible();
    await page.setViewportSize({ width: 1280, height: 800 });
    const inside = page.getByRole('region', { name: 'Beam search', exact: true });
    await expect(inside.getByRole('application', { name: 'Beam search with 3 hypotheses' })).toBeVisible({ timeout: 60_000 });
    const found = page.getByRole('region', { name: 'What was found' }).getByRole('row');
    await expect(found).toHaveCount(4);
    await found.nth(2).getByRole('button').click();
    await inside.getByRole('application').press('End');
    await expect(inside.getByRole('status')).toContainText('is number 2');
    await accessibleInBothThemes(page, 'beam search where one looks inside');
    if (pictures) {
      await page.setViewportSize({ width: 1600, height: 1000 });
      await found.nth(1).getByRole('button').click();
      await page.locator('.microscope').screenshot({ path: join(images, 'inside-beam-dark.png') });
      await page.setViewportSize({ width: 1280, height: 800 });
    }
    // What a row should be stands behind its arrow, of a typed word what the network says itself.
    const steps = page.getByRole('slider', { name: 'Step of the sentence' });
    await steps.press('End');
    await expect(steps).toHaveAttribute('aria-valuetext', /, given, as in training$/);
    await page.getByRole('button', { name: 'Input', exact: true }).click();
    await page.getByRole('textbox', { name: /^Type a/ }).fill(asked);
    await page.getByRole('button', { name: 'Look at it' }).click();
    await expect(steps).toContainText(asked);
    await steps.press('End');
    await expect(steps).toHaveAttribute('aria-valuetext', /, said by the network itself$/);
    await page.getByRole('button', { name: 'Stop looking inside' }).click();
  });

  const folder = join(app.home, 'said pytorch');
  await test.step('it leaves as PyTorch, which says the same', async () => {
    await studio.exportTo(folder, 'PyTorch');
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(pytorchFiles));
    expect(readFileSync(join(folder, 'model.py'), 'utf8')).toContain('attention');
    const torch = findTorch();
    if ('python' in torch) {
      execFileSync(torch.python, ['test_parity.py'], { cwd: folder, encoding: 'utf8' });
      const printed = execFileSync(torch.python, ['predict.py', asked, '--json', '--width', String(beamWidth)], { cwd: folder });
      const hypotheses = beams.parse(JSON.parse(printed.toString()));
      expect(hypotheses).toHaveLength(beamWidth);
      for (const [rank, { text, log_probability: logProbability }] of hypotheses.entries()) {
        const said = before.said[rank] ?? '';
        expect(said.startsWith(`${text} `), `“${said}” is “${text}”`).toBe(true);
        expect(scoreOf(said)).toBeCloseTo(logProbability, 2);
      }
    } else requireTool(torch.reason);
  });

  await test.step('it leaves as ONNX: the whole, the encoder and one step of the decoder, each valid', async () => {
    const onnxFolder = join(app.home, 'said onnx');
    await studio.exportTo(onnxFolder, 'ONNX');
    expect(readdirSync(onnxFolder).sort()).toEqual([
      'README.md',
      'decode.py',
      'decoder_step.onnx',
      'encoder.onnx',
      'golden.json',
      'model.onnx',
      'parity.py',
      'parity_predictions.py',
      'test_parity.py',
      'vocabulary.json',
    ]);
    const onnx = findOnnx();
    if ('python' in onnx) {
      const models = ['model.onnx', 'encoder.onnx', 'decoder_step.onnx'];
      const check = 'import sys, onnx\nfor path in sys.argv[1:]: onnx.checker.check_model(path, full_check=True)';
      execFileSync(onnx.python, ['-c', check, ...models], { cwd: onnxFolder, encoding: 'utf8' });
      execFileSync(onnx.python, ['test_parity.py'], { cwd: onnxFolder, encoding: 'utf8' });
    } else requireTool(onnx.reason);
  });

  await test.step('the folder comes back to an empty canvas with its weights: the same answer, looking at the same letters', async () => {
    await studio.newDocument();
    await studio.command('Import a PyTorch model');
    await page.getByRole('textbox', { name: 'File name or path' }).fill(folder);
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: /^Import/ });
    await expect(dialog.getByRole('list', { name: 'Layers' })).toContainText('Decoder, GRU cell: general attention');
    await dialog.getByRole('button', { name: 'Import', exact: true }).click();
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await page.getByRole('button', { name: 'Zoom to fit' }).click();
    await expect(page.locator('.react-flow__node')).toHaveCount(8);
    await expect(page.locator('.react-flow__edge')).toHaveCount(9);
    for (const title of titles) await expect(studio.node(title)).toBeVisible();
    await expect(page.getByRole('button', { name: 'No problems' })).toBeVisible();
    await studio.tab('Playground');
    await expect(page.getByRole('combobox', { name: 'Run' })).toContainText('imported');
    expect(await beamOf(page, studio)).toEqual(before);
  });
});
