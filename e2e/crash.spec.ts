import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { Studio } from './studio.ts';

/** More than any machine trains before the test has done what it does. */
const endless = 2000;

/** The resumed run goes on where it was, then is stopped: it is one run, not two. */
async function goesOn(page: Page, studio: Studio, epochs: number): Promise<void> {
  await expect(studio.training.getByRole('button', { name: 'Pause' })).toBeVisible({ timeout: 60_000 });
  expect(await studio.epochsDone()).toBeGreaterThanOrEqual(epochs);
  await studio.epochsOver((await studio.epochsDone()) + 2);
  await studio.training.getByRole('button', { name: 'Stop training' }).click();
  await expect(studio.training.getByText(/stopped/).first()).toBeVisible();
  await studio.tab('Runs');
  await expect(page.getByRole('row').filter({ hasText: /stopped|done|interrupted/ })).toHaveCount(1);
  await expect(page.getByRole('row').filter({ hasText: 'stopped' })).toHaveCount(1);
}

test('the engine is killed while it trains: the window lives, says what happened, and the run resumes', async ({
  app,
  window: page,
}) => {
  const studio = new Studio(page);
  await expect(studio.node('GRU cell')).toBeVisible();
  await page.getByRole('textbox', { name: 'Document name' }).fill('my own name');
  await page.getByRole('textbox', { name: 'Document name' }).press('Enter');
  await studio.shorten(endless, 1000);
  await studio.train();
  // There is a checkpoint to go on from.
  await studio.epochsOver(2);

  const told = await studio.everShown('The engine is not answering.');
  process.kill(app.enginePid(), 'SIGKILL');
  await told();
  await expect(page.getByRole('textbox', { name: 'Document name' })).toHaveValue('my own name');
  await expect(studio.node('Bidirectional')).toBeVisible();

  const resume = studio.training.getByRole('button', { name: /Resume|Continue/ });
  await expect(resume).toBeVisible({ timeout: 30_000 });
  await expect(studio.training.getByText(/interrupted/i).first()).toBeVisible();
  await resume.click();
  await goesOn(page, studio, 1);
});

test('the app is killed: after the start the unsaved document is offered, and the run can be resumed', async ({
  app,
  window: page,
}) => {
  const studio = new Studio(page);
  await expect(studio.node('GRU cell')).toBeVisible();
  await page.getByRole('textbox', { name: 'Document name' }).fill('never saved');
  await page.getByRole('textbox', { name: 'Document name' }).press('Enter');
  await studio.shorten(endless, 1000);
  await studio.train();
  await studio.epochsOver(2);
  // The copy follows the last change by less than a second; a fast machine has trained by then.
  const folder = join(app.home, 'autosave');
  const copies = (): string[] => (existsSync(folder) ? readdirSync(folder).filter((name) => /^[^.].*\.json$/.test(name)) : []);
  await expect
    .poll(() => copies().map((name) => readFileSync(join(folder, name), 'utf8')))
    .toContainEqual(expect.stringContaining('"name":"never saved"'));
  await app.kill();

  await app.start();
  await page.goto('about:blank');
  await page.goto(app.address);
  const recover = page.getByRole('button', { name: 'Recover never saved' });
  await recover.click();
  await expect(page.getByRole('textbox', { name: 'Document name' })).toHaveValue('never saved');
  await studio.tab('Runs');
  await expect(page.getByRole('row').filter({ hasText: 'interrupted' })).toHaveCount(1);
  await page.getByRole('button', { name: /^Actions for/ }).click();
  await page.getByRole('menuitem', { name: /Resume|Continue/ }).click();
  // The window shows the run that trains.
  await goesOn(page, studio, 1);
});

test('the app is killed within a series of seeds: after the start the series is there, and goes on when told to', async ({
  app,
  window: page,
}) => {
  const studio = new Studio(page);
  await expect(studio.node('GRU cell')).toBeVisible();
  await studio.shorten(1, 500);
  await studio.train();
  await studio.trained();
  await studio.tab('Runs');
  await page
    .getByRole('region', { name: /^Details of/ })
    .getByRole('button', { name: 'Train again with 5 seeds' })
    .click();
  await expect(page.getByText(/Training seed [2-4] of 5/).first()).toBeVisible({ timeout: 100_000 });
  await app.kill();
  await app.start();
  await page.goto(app.address);
  // The document was not saved.
  await page.getByRole('button', { name: 'Not now' }).click();
  await studio.tab('Runs');
  const halted = page.getByText(/^The seeds of “.+” end with [2-4] of 5: .+ is interrupted\.$/);
  const series = page.locator('.runs__series');
  // The killed one may have ended just then: the series goes on by itself.
  await expect(series).toBeVisible({ timeout: 60_000 });
  if (await series.getByRole('button', { name: 'Go on' }).isVisible()) {
    await expect(series).toContainText(/The seeds of “.+” end with [2-4] of 5/);
    await series.getByRole('button', { name: 'Go on' }).click();
  }
  await expect(page.getByRole('button', { name: 'Compare', exact: true })).toBeVisible({ timeout: 200_000 });
  await expect(halted).toHaveCount(0);
  await expect(page.getByRole('row').filter({ hasText: 'done' })).toHaveCount(6);
});
