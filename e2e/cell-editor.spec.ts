import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { accessibleInBothThemes } from './accessible.ts';
import { expect, test } from './fixtures.ts';
import { Studio } from './studio.ts';

/** The inside of a cell, by the names that it shows. */
class Inside {
  readonly page: Page;
  readonly text: Locator;
  readonly problems: Locator;
  readonly chosen: Locator;

  constructor(page: Page) {
    this.page = page;
    this.text = page.getByRole('textbox', { name: 'Equations of the cell' });
    this.problems = page.getByRole('region', { name: 'Problems of the cell' });
    this.chosen = page.getByRole('region', { name: 'What is chosen' });
  }

  part(id: string): Locator {
    return this.page.locator(`.cell-graph .react-flow__node[data-id="${id}"]`);
  }

  /** Lines of the text. */
  lines(): Promise<string[]> {
    return this.text.locator('.cm-line').allInnerTexts();
  }

  async type(keys: readonly string[], text: string): Promise<void> {
    await this.text.click();
    for (const key of keys) await this.page.keyboard.press(key);
    await this.page.keyboard.type(text);
  }
}

/** An LSTM in the place of the GRU that the first document has. */
async function withLstm(page: Page): Promise<Studio> {
  const studio = new Studio(page);
  await studio.node('Bidirectional').click();
  await page.getByRole('button', { name: 'Add LSTM cell', exact: true }).click();
  await expect(studio.node('LSTM cell')).toBeVisible();
  return studio;
}

test('an LSTM is opened, made one’s own, changed as a graph and as text, trained and exported', async ({ window: page, app }) => {
  const studio = await withLstm(page);
  const inside = new Inside(page);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await studio.settled();
  await studio.node('LSTM cell').dblclick();

  await test.step('its gates are a graph, and its equations stand beside it, to look at', async () => {
    for (const gate of ['i', 'f', 'o']) await expect(inside.part(gate)).toContainText('sigmoid');
    await expect(inside.part('g')).toContainText('tanh');
    await expect(page.getByRole('region', { name: 'Equations set in type' }).locator('.katex')).toHaveCount(6);
    await expect(inside.text).toHaveAttribute('contenteditable', 'false');
    await expect(page.getByRole('navigation', { name: 'Way to this cell' })).toContainText('LSTM cell');
    await accessibleInBothThemes(page, 'the inside of a built-in cell');
  });

  await test.step('it becomes a cell of one’s own in one step, with its wire and its width', async () => {
    await page.getByRole('button', { name: 'Edit as own cell' }).click();
    await expect(inside.text).toHaveAttribute('contenteditable', 'true');
    expect((await inside.lines())[0]).toBe('# My LSTM cell');
    await expect(page.getByRole('contentinfo').getByRole('button', { name: 'No problems' })).toBeVisible();
    await accessibleInBothThemes(page, 'the inside of a cell of one’s own');
  });

  await test.step('without its output gate, in the graph', async () => {
    await inside.part('o').click();
    await expect(inside.chosen.getByRole('textbox', { name: 'Name' })).toHaveValue('o');
    await inside.part('o').focus();
    await page.keyboard.press('Delete');
    await expect(inside.part('o')).toHaveCount(0);
    expect(await inside.lines()).toContain("h' = tanh(c')");
  });

  await test.step('a line more in the text: its problem is told and mended', async () => {
    await inside.type(['Control+End'], '\nq = sigmoid(W_q x + gg)');
    await expect(inside.problems).toContainText('Line 9: no value is called gg');
    await expect(inside.text.locator('.cm-lintRange-error')).toHaveText('gg');
    await inside.problems.getByRole('button', { name: 'Use g', exact: true }).click();
    expect(await inside.lines()).toContain('q = sigmoid(W_q x + g)');
    await expect(inside.problems).toContainText('q reaches neither a state nor the output');
    await accessibleInBothThemes(page, 'a cell with a problem');
  });

  await test.step('a wire gives it a reader', async () => {
    await studio.settled();
    const from = inside.part('q').locator('.react-flow__handle.source');
    await from.hover();
    await page.mouse.down();
    const box = await inside.part("h'").boundingBox();
    await page.mouse.move((box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + (box?.height ?? 0) / 2, { steps: 8 });
    await page.mouse.up();
    await expect.poll(() => inside.lines()).toContain("h' = tanh(c' + q)");
    await expect(inside.problems).toContainText('No problems');
  });

  await test.step('undo and redo go through graph and text alike', async () => {
    await page.keyboard.press('Control+z');
    await expect.poll(() => inside.lines()).toContain("h' = tanh(c')");
    await page.keyboard.press('Control+Shift+z');
    await expect.poll(() => inside.lines()).toContain("h' = tanh(c' + q)");
  });

  await test.step('one Escape gives up the choice, the next one leads out', async () => {
    await inside.part('q').focus();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await expect(studio.node('My LSTM cell')).toBeVisible();
    await expect(studio.node('My LSTM cell')).toContainText('wide · h, c');
  });

  await test.step('it trains on WASM, and leaves as PyTorch', async () => {
    await studio.shorten(1, 200);
    await page.getByRole('combobox', { name: 'Device' }).click();
    await page.getByRole('option', { name: /wasm/i }).click();
    await studio.train();
    await studio.trained();
    await expect(studio.training.getByText(/done · epoch 1 of 1/)).toBeVisible();
    await studio.exportTo(join(app.home, 'out'), 'PyTorch');
    expect(readFileSync(join(app.home, 'out', 'model.py'), 'utf8')).toContain('torch.tanh(');
  });
});
