import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { findTemplate } from '../templates/registry.ts';
import { accessibleInBothThemes } from './accessible.ts';
import { type App, expect, test } from './fixtures.ts';
import { Studio } from './studio.ts';

const pictures = process.env['UNROLL_SCREENSHOTS'] === '1';
const mark = (page: Page) => page.getByRole('button', { name: /^vanishes: show the gradient/ });
const note = (page: Page) => page.getByRole('region', { name: 'Health', exact: true });
const fix = (page: Page) => note(page).getByRole('button', { name: 'Fix: Use an LSTM, whose gates carry its state' });

/** Rows of as many words each: a measurement is of a few rows, and those of a text with short ones among them would jump about. */
const steps = 22;
const words = ['the', 'cat', 'dogs', 'which', 'ate', 'behind', 'some', 'grass'];
const sentence = (row: number): string =>
  Array.from({ length: steps }, (_, step) => words[(row * 5 + step * (1 + (row % 7))) % 8]).join(' ');

/** The template `agreement` with its vanilla RNN, which starts with |λ| < 0.6 and hardly moves: over so many words nothing of a gradient is left, and of an LSTM's much. */
async function openForgetful(page: Page, { home }: App): Promise<Studio> {
  const document = findTemplate('agreement').document();
  const path = join(home, 'forgetful.unroll');
  const edges = document.edges.map((edge) => (edge.to.port === 'cell' ? { ...edge, from: { node: 'rnn', port: 'cell' } } : edge));
  const training = { ...document.training, learningRate: 1e-6, epochs: 200, earlyStoppingPatience: null };
  const rows = join(home, 'rows.csv');
  writeFileSync(
    rows,
    ['text,label', ...Array.from({ length: 6000 }, (_, row) => `${sentence(row)},${row % 2 ? 'was' : 'were'}`)].join('\n'),
  );
  const reader = { format: 'delimited', header: true, inputColumns: ['text'], targetColumns: ['label'] };
  const data = { ...document.data, source: { kind: 'file', path: rows, reader } };
  // Its one cell where it is seen beside the layers, at a zoom that shows cards.
  const nodes = document.nodes
    .filter(({ id }) => id !== 'lstm' && id !== 'gru')
    .map((node) => (node.id === 'rnn' ? { ...node, position: { x: 560, y: 300 } } : node));
  writeFileSync(path, JSON.stringify({ ...document, name: 'forgetful', data, nodes, edges, training, comments: [], frames: [] }));
  const studio = new Studio(page);
  await expect(studio.node('GRU cell')).toBeVisible();
  await studio.open(path);
  await expect(studio.node('Vanilla RNN')).toBeVisible();
  await expect(mark(page)).toHaveCount(0);
  return studio;
}

test('a layer whose gradient vanishes is marked while it trains, and one click takes the fix', async ({ window: page, app }) => {
  const studio = await openForgetful(page, app);
  await studio.train();
  await expect(mark(page)).toBeVisible({ timeout: 90_000 });
  await expect(mark(page)).toHaveText('vanishes');
  await expect(note(page)).toContainText(
    /Gradients vanish in Recurrent\. Of the last step’s gradient [\d.e-]+ % is left \d+ steps/,
  );
  await expect(note(page).getByRole('button', { name: 'Train again' })).toHaveCount(0);

  await test.step('its mark leads to the gradient', async () => {
    await mark(page).click();
    await expect(page.getByRole('tab', { name: 'Gradient' })).toHaveAttribute('data-state', 'active');
    await expect(page.getByRole('application', { name: /^Gradient of the loss back in time/ })).toBeVisible({ timeout: 60_000 });
    await page.getByRole('button', { name: 'Stop looking inside' }).click();
  });

  await studio.training.getByRole('button', { name: 'Stop training' }).click();
  await studio.trained();
  await test.step('the figures that say so', async () => {
    await studio.training.getByRole('radio', { name: 'Health' }).click();
    const health = page
      .getByRole('region', { name: 'Health', exact: true })
      .filter({ hasText: 'How long the loss’s gradient is' });
    const chart = health.getByRole('application', { name: /^Gradient of Recurrent in training step \d+/ });
    await chart.focus();
    await page.keyboard.press('End');
    await expect(health.getByRole('status')).toHaveText(/^At last \(step \d+\): ‖∂L\/∂h‖ [\d.e-]+$/);
    await expect(health.getByRole('row', { name: /^left of the last step’s gradient [\d.e-]+ % over 21 steps/ })).toBeVisible();
    await expect(health.getByRole('row', { name: /^Recurrent/ })).toBeVisible();
  });
  // Ports of a selected card are targets only at full size.
  await page.locator('.react-flow__pane').click({ position: { x: 20, y: 20 } });
  await accessibleInBothThemes(page, 'a layer whose gradient vanishes');
  if (pictures) {
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.screenshot({ path: join(import.meta.dirname, '..', 'docs', 'images', 'inside-health-dark.png') });
  }

  await test.step('it is still there after a reload', async () => {
    await page.reload();
    await expect(mark(page)).toBeVisible();
  });

  await test.step('the fix is one edit, which can be undone', async () => {
    const wired = page.locator('.react-flow__node[data-id="rnn"]');
    await fix(page).click();
    await expect(wired).toContainText('LSTM');
    // The figures are not of this graph; the note is of the run, and has no fix of the fix.
    await expect(mark(page)).toHaveCount(0);
    await expect(note(page).getByRole('button', { name: /^Fix/ })).toHaveCount(0);
    await page.locator('.react-flow__pane').focus();
    await page.keyboard.press('Control+z');
    await expect(wired).toContainText('Vanilla RNN');
    await expect(mark(page)).toBeVisible();
  });
});

test('keys alone reach the mark and its fix, and train again', async ({ window: page, app }) => {
  const studio = await openForgetful(page, app);
  await studio.train();
  await expect(mark(page)).toBeVisible({ timeout: 90_000 });
  await studio.command('Stop training');
  await studio.trained();
  await page.locator('.react-flow__node[data-id="unroll"]').focus();
  await page.keyboard.press('Tab');
  await expect(mark(page)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('tab', { name: 'Gradient' })).toHaveAttribute('data-state', 'active');
  await page.getByRole('tab', { name: 'Training' }).focus();
  await page.keyboard.press('Enter');
  await fix(page).focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('.react-flow__node[data-id="rnn"]')).toContainText('LSTM');
  await expect(note(page).getByRole('button', { name: 'Train again' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('banner').getByRole('button', { name: /^Pause/ })).toBeVisible({ timeout: 60_000 });
  await expect(note(page)).toHaveCount(0);
  await studio.command('Stop training');
  await studio.trained();
  await expect(mark(page)).toHaveCount(0);
});
