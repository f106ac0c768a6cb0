import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { Studio } from './studio.ts';

/** Words and the same words backwards, letter by letter: a small task that attention solves. */
function mirroredWords(): string {
  const rows = ['word\ttranslation'];
  for (let i = 0; i < 240; i++) {
    const word = Array.from({ length: 2 + (i % 3) }, (_, j) => 'abcdef'[(i * 5 + j * (1 + (i % 4))) % 6] ?? 'a');
    rows.push(`${word.join('')}\t${[...word].reverse().join(' ').toUpperCase()}`);
  }
  return `${rows.join('\n')}\n`;
}

async function attach(page: Page, studio: Studio, path: string): Promise<void> {
  await studio.tab('Data');
  await page.getByRole('textbox', { name: 'Path of the file' }).fill(path);
  await page.getByRole('button', { name: 'Look' }).click();
}

/** No accessibility problem in what is on the screen, in either theme. */
async function accessible(page: Page, screen: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { violations } = await new AxeBuilder({ page })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
      .analyze();
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
    expect.soft(found, `${screen}, ${colorScheme}`).toEqual([]);
  }
}

test('an encoder–decoder with attention, built by hand, says sequences and shows what it looked at', async ({
  app,
  window: page,
}) => {
  const studio = new Studio(page);
  await expect(studio.node('GRU cell')).toBeVisible();
  const tsv = join(app.home, 'mirrored.tsv');
  writeFileSync(tsv, mirroredWords());
  await page.getByRole('button', { name: 'File menu' }).click();
  await page.getByRole('menuitem', { name: /New document/ }).click();

  await test.step('the data is seen as sequence to sequence, letters in and tokens out', async () => {
    await attach(page, studio, tsv);
    await expect(page.getByRole('region', { name: 'Report' })).toBeVisible({ timeout: 30_000 });
    const settings = page.getByRole('complementary', { name: 'Data settings' });
    await expect(settings.getByRole('combobox', { name: 'Predict' })).toHaveText('Sequence to sequence');
    const input = settings.getByRole('group', { name: 'Input tokens' });
    await expect(input.getByRole('combobox', { name: 'Split text into' })).toHaveText('Characters');
    await expect(page.getByRole('region', { name: 'Most frequent target tokens' })).toContainText('A');
    await accessible(page, 'data of sequences');
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
    await accessible(page, 'encoder–decoder on the canvas');
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
    await accessible(page, 'before it trains');
    await dialog.getByRole('button', { name: /^Fix/ }).click();
    await expect(dialog).toContainText('Nothing is left to fix');
    await dialog.getByRole('button', { name: 'Not yet' }).click();
    await expect(rate).toHaveValue('0.002');
    await page.keyboard.press('Control+z');
    await expect(rate).toHaveValue('0.4');
    await page.getByRole('button', { name: '1 problem' }).click();
    const problems = page.getByRole('region', { name: 'Problems' });
    await problems.getByRole('button', { name: /^Fix/ }).click();
    await expect(problems).toContainText('No problems');
    await rate.fill('0.01');
    await rate.press('Enter');
    await page.getByRole('button', { name: 'Close problems' }).click();
  });

  await test.step('train, and see what is said beside what is true', async () => {
    await studio.trainButton().click();
    await expect(studio.training.getByRole('progressbar')).toBeVisible({ timeout: 30_000 });
    await studio.trained();
    await expect(studio.training.getByText('token error rate').first()).toBeVisible();
    await studio.training.getByRole('radio', { name: 'Examples' }).click();
    await expect(
      studio.training.getByRole('region', { name: 'Validation examples' }).getByRole('listitem').first(),
    ).toContainText(/[a-f]/);
    await expect(studio.training.getByRole('radio', { name: 'Confusion' })).toHaveCount(0);
  });

  await test.step('say it greedily, with a beam and by drawing', async () => {
    await studio.tab('Playground');
    await page.getByRole('textbox', { name: 'Type an input' }).fill('abc');
    const answer = page.getByRole('region', { name: 'Prediction' });
    const rows = answer.locator('.sequences tbody tr');
    await expect(rows).toHaveCount(1, { timeout: 30_000 });
    const greedy = await rows.first().innerText();
    await page.getByRole('radio', { name: 'Beam' }).click();
    await page.getByRole('textbox', { name: 'Beam width' }).fill('4');
    await expect(rows).toHaveCount(4, { timeout: 30_000 });
    const scores = await rows.locator('td:nth-child(2)').allInnerTexts();
    expect(scores.every((score) => Number(score) <= 0 && Number.isFinite(Number(score)))).toBe(true);
    await rows.nth(1).getByRole('button').click();
    await expect(rows.nth(1).getByRole('button')).toHaveAttribute('aria-pressed', 'true');
    await page.getByRole('radio', { name: 'Sample' }).click();
    await page.getByRole('textbox', { name: 'Seed' }).fill('7');
    await expect(rows).toHaveCount(3, { timeout: 30_000 });
    await page.getByRole('radio', { name: 'Greedy' }).click();
    await expect(rows).toHaveCount(1, { timeout: 30_000 });
    expect(await rows.first().innerText()).toBe(greedy);
  });

  await test.step('read the attention by keys and as a table', async () => {
    const map = page.getByRole('application', { name: /Attention map/ });
    const readout = page.locator('.alignment__readout');
    await map.focus();
    await map.press('Home');
    await expect(readout).toContainText('step 1 of 3');
    await map.press('ArrowRight');
    await expect(readout).toContainText('step 2 of 3');
    await expect(readout).toContainText(/gave \d+\.\d % of its attention to b/);
    await page.getByText('As a table').click();
    const table = page.getByRole('region', { name: 'Attention as a table' });
    const numbers = await table.locator('tbody tr').first().locator('td').allInnerTexts();
    const sum = numbers.slice(1).reduce((total, cell) => total + Number(cell), 0);
    expect(sum).toBeGreaterThan(0.98);
    expect(sum).toBeLessThan(1.02);
    await accessible(page, 'playground of sequences');
  });

  await test.step('export it', async () => {
    await page.getByRole('button', { name: 'Export', exact: true }).first().click();
    await expect(page.getByRole('dialog').getByText('model.py').first()).toBeVisible();
    await expect(
      page
        .getByRole('dialog')
        .getByText(/attention/i)
        .first(),
    ).toBeVisible();
  });
});

test('a language model writes on from a prompt, is stopped, and repeats itself with the same seed', async ({
  app,
  window: page,
}) => {
  const studio = new Studio(page);
  await expect(studio.node('GRU cell')).toBeVisible();
  const text = join(app.home, 'rhyme.txt');
  writeFileSync(text, 'the cat sat on the mat\nand the rat sat on the cat\n'.repeat(60));
  await page.getByRole('button', { name: 'File menu' }).click();
  await page.getByRole('menuitem', { name: /New document/ }).click();
  await attach(page, studio, text);
  const settings = page.getByRole('complementary', { name: 'Data settings' });
  await expect(settings.getByRole('combobox', { name: 'Predict' })).toHaveText('Language model');
  await expect(page.getByRole('region', { name: 'Report' })).toBeVisible({ timeout: 30_000 });
  await settings.getByRole('combobox', { name: 'Split text into' }).click();
  await page.getByRole('option', { name: 'Characters' }).click();

  await studio.tab('Design');
  await studio.addLayers([
    ['Tokens', 20, 90],
    ['One-hot', 250, 90],
    ['Recurrent', 480, 90],
    ['Dense softmax', 20, 250],
    ['GRU cell', 480, 250],
  ]);
  await page.getByRole('button', { name: 'Zoom to fit' }).click();
  const recurrent = studio.node('Recurrent');
  await studio.wire(page.locator('.react-flow__node[data-id^="token-input"]'), 'tokens', studio.node('One-hot'), 'tokens');
  await studio.wire(studio.node('One-hot'), 'sequence', recurrent, 'sequence');
  await studio.wire(studio.node('GRU cell'), 'cell', recurrent, 'cell');
  await studio.wire(recurrent, 'output', studio.node('Dense softmax'), 'input');

  await test.step('a layer that looks ahead is refused, and replaced with one click', async () => {
    await recurrent.click();
    const inspector = page.getByRole('complementary', { name: 'Inspector' });
    await inspector.getByRole('combobox', { name: 'Direction' }).click();
    await page.getByRole('option', { name: 'backward' }).click();
    await inspector.getByRole('button', { name: 'Fix: Run it forwards, every step' }).click();
    await expect(inspector.getByRole('combobox', { name: 'Direction' })).toHaveText('forward');
    await expect(page.getByRole('button', { name: 'No problems' })).toBeVisible();
  });
  await page.locator('.react-flow__pane').click({ position: { x: 30, y: 60 } });
  await page.getByRole('textbox', { name: 'Epochs' }).fill('2');
  await page.getByRole('textbox', { name: 'Epochs' }).press('Enter');
  await studio.trainButton().click();
  await expect(studio.training.getByRole('progressbar')).toBeVisible({ timeout: 30_000 });
  await studio.trained();
  await expect(studio.training.getByText('perplexity').first()).toBeVisible();

  await studio.tab('Playground');
  const written = page.getByRole('region', { name: 'Generated text' });
  const status = page.getByRole('status').filter({ hasText: 'tokens' });
  await page.getByRole('textbox', { name: 'Prompt' }).fill('the c');
  await expect(page.getByRole('region', { name: 'What comes next' }).getByText('%').first()).toBeVisible({ timeout: 30_000 });
  await page.getByRole('textbox', { name: 'Most tokens' }).fill('60');
  await page.getByRole('button', { name: 'Generate' }).click();
  await expect(status).toContainText('60 tokens, cut at the limit', { timeout: 60_000 });
  const first = await written.locator('.generation__text').innerText();
  expect(first).toMatch(/^the c/);
  await accessible(page, 'playground of a language model');
  await page.getByRole('button', { name: 'Generate' }).click();
  await expect(status).toContainText('60 tokens', { timeout: 60_000 });
  expect(await written.locator('.generation__text').innerText()).toBe(first);

  await page.getByRole('textbox', { name: 'Most tokens' }).fill('100000');
  await page.getByRole('button', { name: 'Generate' }).click();
  await expect.poll(async () => (await written.locator('.generation__text').innerText()).length).toBeGreaterThan(90);
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(status).toContainText('stopped');
});
