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
    await inside.part('q').click();
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

test('with keys alone a cell is opened, made one’s own, renamed in the graph, written in the text and left', async ({
  window: page,
}) => {
  const studio = new Studio(page);
  const inside = new Inside(page);
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Commands' }).waitFor();
  await page.keyboard.type('Go to node GRU cell');
  await expect(page.getByRole('option', { name: /^GRU cell/ })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(studio.node('GRU cell')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('navigation', { name: 'Way to this cell' })).toBeVisible();
  await studio.command('Edit the cell as one of your own');
  await expect(inside.text).toHaveAttribute('contenteditable', 'true');

  const tabTo = async (target: Locator): Promise<void> => {
    for (let i = 0; i < 40; i++) {
      await page.keyboard.press('Tab');
      if (await target.evaluate((element) => element === document.activeElement)) return;
    }
    throw new Error('Tab does not lead there');
  };
  await test.step('arrows go from part to part, F2 names one', async () => {
    await page.locator('.cell-editor').focus();
    await tabTo(inside.part('in:x'));
    await page.keyboard.press('ArrowRight');
    await expect
      .poll(() => page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset['id'] ?? ''))
      .toMatch(/^[rzn]$/);
    await page.keyboard.press('F2');
    await page.keyboard.type('gate');
    await page.keyboard.press('Enter');
    await expect.poll(() => inside.lines().then((lines) => lines.some((line) => line.startsWith('gate = ')))).toBe(true);
    await expect(inside.part('gate')).toBeFocused();
  });

  await test.step('W wires, Delete removes', async () => {
    await page.keyboard.press('w');
    await page.getByRole('menuitem', { name: "h'", exact: true }).press('Enter');
    await expect.poll(() => inside.lines().then((lines) => lines.at(-1))).toMatch(/^h' = .* \+ gate$/);
    await page.keyboard.press('Control+z');
    await expect.poll(() => inside.lines().then((lines) => lines.at(-1))).not.toContain('+ gate');
  });

  await test.step('F8 goes to the problem that was typed, and each line is a step to undo', async () => {
    await page.locator('.cell-editor').focus();
    await tabTo(inside.text);
    await page.keyboard.press('Control+End');
    await page.keyboard.type('\nlast = tanh(nothing)');
    await page.keyboard.type('\nmore = tanh(h)');
    await expect(inside.problems).toContainText('no value is called nothing');
    await page.keyboard.press('F8');
    await expect(page.locator('.cm-tooltip-lint')).toContainText('no value is called nothing');
    // A slow machine may make two steps of a line.
    const last = () => inside.lines().then((lines) => lines.at(-1));
    const undoUntil = async (line: string | RegExp): Promise<void> => {
      for (let presses = 0; presses < 5 && !(await last())?.match(line); presses++) await page.keyboard.press('Control+z');
      expect(await last()).toMatch(line);
    };
    await undoUntil(/^last = tanh\(nothing\)$/);
    await undoUntil(/^h' = /);
    await expect(inside.problems).toContainText('No problems');
  });

  await test.step('a name is offered and taken with Tab', async () => {
    await page.keyboard.press('Control+End');
    await page.keyboard.type(' + lay');
    await expect(page.getByRole('option', { name: /layernorm/ })).toBeVisible();
    await page.keyboard.press('Tab');
    await page.keyboard.type('h)');
    await expect.poll(() => inside.lines().then((lines) => lines.at(-1))).toMatch(/ \+ layernorm\(h\)$/);
  });

  await page.keyboard.press('Alt+ArrowUp');
  await expect(studio.node('My GRU cell')).toBeFocused();
});

test('cells are kept, renamed, started from, put in a cell’s place and deleted', async ({ window: page }) => {
  const studio = new Studio(page);
  const inside = new Inside(page);
  await studio.settled();
  await studio.node('GRU cell').dblclick();
  await page.getByRole('button', { name: 'Edit as own cell' }).click();

  await test.step('from the library, with its paper', async () => {
    await page.getByRole('button', { name: 'Start from…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Start from' });
    await dialog.getByRole('radio', { name: 'LSTM cell' }).check();
    await dialog.getByRole('switch', { name: 'Peepholes' }).click();
    await accessibleInBothThemes(page, 'what a cell starts from');
    await dialog.getByRole('radio', { name: 'JANET' }).check();
    await expect(dialog.getByText(/unreasonable effectiveness/)).toBeVisible();
    await dialog.getByRole('button', { name: 'Start from this' }).click();
    await expect.poll(() => inside.lines()).toContain('s = W_f x + U_f h + b_f');
    await expect(page.getByRole('navigation', { name: 'Way to this cell' })).toContainText('JANET');
  });

  await test.step('kept, under its name or another', async () => {
    await page.getByRole('button', { name: 'Save to My cells' }).click();
    await expect(page.getByText('“JANET” is kept for other documents', { exact: true })).toBeVisible();
    await page.getByRole('navigation', { name: 'Way to this cell' }).getByRole('button').click();
    const mine = page.getByRole('region', { name: 'My cells' });
    await expect(mine.getByRole('button', { name: 'Add cell JANET, kept' })).toBeVisible();
    await mine.getByRole('button', { name: 'Menu of cell JANET' }).click();
    await page.getByRole('menuitem', { name: 'Rename' }).click();
    await page.getByRole('textbox', { name: 'Name of cell JANET' }).fill('Mine');
    await page.keyboard.press('Enter');
    await expect(mine.getByRole('button', { name: 'Add cell Mine, kept' })).toBeVisible();
  });

  await test.step('it takes the place of a wrapper’s cell, in one step', async () => {
    await studio.node('Bidirectional').click();
    await page.getByRole('button', { name: 'Add cell Mine, kept' }).click();
    await expect(studio.node('Mine')).toContainText('48 wide · h');
    await expect(studio.node('Mine')).toContainText('parameters');
    await studio.node('Mine').dblclick();
    await expect.poll(() => inside.lines()).toContain('s = W_f x + U_f h + b_f');
    await page.keyboard.press('Alt+ArrowUp');
    await studio.command('Undo');
    await expect(studio.node('Mine')).toHaveCount(0);
  });

  await test.step('a cell starts from it; it is deleted, and given back', async () => {
    await studio.node('JANET').dblclick();
    await page.getByRole('button', { name: 'Start from…' }).click();
    await page.getByRole('radio', { name: 'Mine' }).check();
    await page.getByRole('button', { name: 'Start from this' }).click();
    await page.getByRole('navigation', { name: 'Way to this cell' }).getByRole('button').click();
    await page.getByRole('button', { name: 'Menu of cell Mine' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await expect(page.getByRole('region', { name: 'My cells' })).toHaveCount(0);
    const told = page.getByRole('listitem').filter({ hasText: 'no longer kept' });
    await told.getByRole('button', { name: 'Undo' }).click();
    await expect(page.getByRole('region', { name: 'My cells' })).toBeVisible();
  });
});

test('the inside of a cell fits a small window and a very narrow one', async ({ window: page }) => {
  const studio = new Studio(page);
  await studio.settled();
  await studio.node('GRU cell').dblclick();
  await page.getByRole('button', { name: 'Edit as own cell' }).click();
  for (const [width, height] of [
    [1280, 800],
    [900, 700],
    [320, 640],
  ] as const) {
    await page.setViewportSize({ width, height });
    await accessibleInBothThemes(page, `the inside of a cell, ${width} wide`);
    // All of it in letters of 8 px or more, or from its input in letters of 11 px.
    const smallest = await page.evaluate(() => {
      const viewport = document.querySelector('.cell-graph .react-flow__viewport') ?? document.body;
      const zoom = new DOMMatrix(getComputedStyle(viewport).transform).a;
      const texts = [...document.querySelectorAll('.cell-graph .part__action, .cell-graph .part__detail')];
      return zoom * Math.min(...texts.map((one) => Number.parseFloat(getComputedStyle(one).fontSize)));
    });
    await expect(page.locator('.cell-graph [data-id="in:x"]')).toBeInViewport({ ratio: 0.99 });
    if (width === 1280) await expect(page.locator(`.cell-graph [data-id="out:h'"]`)).toBeInViewport({ ratio: 0.99 });
    expect(smallest).toBeGreaterThanOrEqual(width === 1280 ? 8 : 10.99);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide).toBeLessThanOrEqual(width);
    const text = page.getByRole('textbox', { name: 'Equations of the cell' });
    await text.scrollIntoViewIfNeeded();
    const box = await text.boundingBox();
    expect((box?.x ?? 0) + (box?.width ?? width)).toBeLessThanOrEqual(width);
  }
});
