import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { accessibleInBothThemes } from './accessible.ts';
import { expect, test } from './fixtures.ts';
import { unitMap } from './looking.ts';
import { Studio } from './studio.ts';

test('a language model writes on from a prompt, is stopped, and repeats itself with the same seed', async ({
  app,
  window: page,
}) => {
  const studio = new Studio(page);
  await expect(studio.node('GRU cell')).toBeVisible();
  const text = join(app.home, 'rhyme.txt');
  writeFileSync(text, 'the cat sat on the mat\nand the rat sat on the cat\n'.repeat(60));
  await studio.newDocument();
  await studio.attach(text);
  const settings = page.getByRole('complementary', { name: 'Data settings' });
  await expect(settings.getByRole('combobox', { name: 'Predict' })).toHaveText('Language model');
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
  await studio.train();
  await studio.trained();
  await expect(studio.training.getByText('perplexity').first()).toBeVisible();

  await studio.tab('Playground');
  const written = page.getByRole('region', { name: 'Generated text' });
  const status = page.getByRole('status').filter({ hasText: 'tokens' });
  await page.getByRole('textbox', { name: 'Prompt' }).fill('the c');
  await expect(page.getByRole('region', { name: 'What comes next' }).getByText('%').first()).toBeVisible({ timeout: 30_000 });
  await page.getByRole('textbox', { name: 'Token limit' }).fill('60');
  await page.getByRole('button', { name: 'Generate' }).click();
  await expect(status).toContainText('60 tokens, cut at the limit', { timeout: 60_000 });
  const first = await written.locator('.generation__text').innerText();
  expect(first).toMatch(/^the c/);
  await accessibleInBothThemes(page, 'playground of a language model');
  await page.getByRole('button', { name: 'Generate' }).click();
  await expect(status).toContainText('60 tokens', { timeout: 60_000 });
  expect(await written.locator('.generation__text').innerText()).toBe(first);

  await test.step('each token stands on the colour of its surprise, and tells it', async () => {
    await written.getByRole('radio', { name: 'Surprise' }).click();
    const tokens = written.locator('.generation__text span[title]');
    await expect(tokens).toHaveCount(60);
    expect(await written.locator('.generation__text').innerText()).toBe(first);
    const titles = await tokens.evaluateAll((all) =>
      all.map((one) => [(one as HTMLElement).title, getComputedStyle(one).backgroundColor]),
    );
    const read = titles.map(([title = '', colour = '']) => {
      const [, bits, percent] = /: ([\d.]+) bits, ([\d.e-]+) %$/.exec(title) ?? [];
      expect(Number(bits)).toBeCloseTo(-Math.log2(Number(percent) / 100), 1);
      return { bits: Number(bits), colour };
    });
    const sorted = read.toSorted((a, b) => a.bits - b.bits);
    expect(sorted[0]?.colour).not.toBe(sorted.at(-1)?.colour);
    await accessibleInBothThemes(page, 'a written text coloured by surprise');
  });

  await test.step('or on the colour of the unit that is pinned where the run is looked into', async () => {
    await written.getByRole('radio', { name: 'Unit' }).click();
    await expect(written).toContainText('the unit that is pinned colours the text');
    await studio.tab('Design');
    await page.getByRole('button', { name: 'Look inside' }).click();
    await unitMap(page).click({ position: { x: 150, y: 50 } });
    await studio.tab('Playground');
    // What was typed, chosen and written is still there.
    await expect(status).toContainText('60 tokens, cut at the limit');
    await expect(page.getByRole('textbox', { name: 'Prompt' })).toHaveValue('the c');
    expect(await written.locator('.generation__text').innerText()).toBe(first);
    await expect(written.locator('.generation__legend')).toHaveText(/^Generate again to see unit \d+ of \w+, Recurrent/);
    await page.getByRole('button', { name: 'Generate' }).click();
    await expect(status).toContainText('60 tokens', { timeout: 60_000 });
    expect(await written.locator('.generation__text').innerText()).toBe(first);
    await expect(written.locator('.generation__legend')).toHaveText(/^unit \d+ of \w+, Recurrent.*, after each token was read/);
    const titles = await written
      .locator('.generation__text span[title]')
      .evaluateAll((all) => all.map((one) => [(one as HTMLElement).title, getComputedStyle(one).backgroundColor]));
    const values = titles.map(([title = '']) => /: unit \d+ of \w+, .* is (-?[\d.e-]+), [\d.e-]+ %$/.exec(title)?.[1]);
    // The last was said, and not read any more.
    expect(values.slice(0, -1).every((value) => Number.isFinite(Number(value)))).toBe(true);
    expect(titles.at(-1)).toEqual([expect.stringContaining('is known once it was read'), 'rgba(0, 0, 0, 0)']);
    expect(new Set(titles.map(([, colour]) => colour)).size).toBeGreaterThan(3);
    await accessibleInBothThemes(page, 'a written text coloured by a unit');
  });

  await page.getByRole('textbox', { name: 'Token limit' }).fill('100000');
  await page.getByRole('button', { name: 'Generate' }).click();
  const length = async (): Promise<number> => (await written.locator('.generation__text').innerText()).length;
  await expect.poll(length, { intervals: [50], timeout: 60_000 }).toBeGreaterThan(90);
  const left = await length();
  await studio.tab('Design');
  await studio.tab('Playground');
  await expect(page.getByRole('status').filter({ hasText: 'Writing …' })).toBeVisible();
  await expect.poll(length, { intervals: [50], timeout: 60_000 }).toBeGreaterThan(left);
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(status).toContainText('stopped');
});
