import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from './fixtures.ts';
import { Studio } from './studio.ts';

/** Nothing is prepared here, whatever this machine has; and the download never ends, whatever network it has. */
const cache = mkdtempSync(join(tmpdir(), 'unroll-cache-'));
const pip = join(cache, 'endless-pip.cjs');
writeFileSync(pip, "if (process.argv.includes('--version')) console.log('pip 0'); else setInterval(() => {}, 1000);\n");
test.use({ environment: { UNROLL_CACHE: cache, UNROLL_PIP: `${process.execPath} ${pip}` } });
test.afterAll(() => rmSync(cache, { recursive: true, force: true }));

test('a run is paused, resumed and stopped with its buttons', async ({ window: page }) => {
  const studio = new Studio(page);
  await expect(studio.node('GRU cell')).toBeVisible();
  // It ends when it is stopped, not before.
  await studio.shorten(2000, 1000);
  await studio.train();
  await expect(studio.training.getByText(/tokens\/s/)).toBeVisible({ timeout: 60_000 });
  await studio.training.getByRole('button', { name: 'Pause training' }).click();
  await expect(studio.training.getByText(/paused/)).toBeVisible();
  await studio.training.getByRole('button', { name: 'Resume' }).click();
  await studio.training.getByRole('button', { name: 'Pause training' }).waitFor();
  await studio.training.getByRole('button', { name: 'Stop training' }).click();
  await expect(studio.training.getByText(/stopped/).first()).toBeVisible();
  await expect(studio.training.getByRole('button', { name: 'Resume' })).toBeVisible();
});

test('native TensorFlow is offered, shows its progress, can be cancelled and tried again', async ({ window: page }) => {
  const studio = new Studio(page);
  await expect(studio.node('GRU cell')).toBeVisible();
  await page.getByRole('contentinfo').getByRole('button').first().click();
  const setup = page.getByRole('region', { name: 'Native TensorFlow' });
  await setup.getByRole('button', { name: 'Prepare native TensorFlow' }).click();
  for (const again of [true, false]) {
    await expect(setup.getByRole('progressbar')).toBeVisible();
    await expect(setup.getByRole('status')).not.toBeEmpty();
    await setup.getByRole('button', { name: 'Cancel' }).click();
    await expect(setup.getByText('Preparing was cancelled.')).toBeVisible();
    if (again) await setup.getByRole('button', { name: 'Try again' }).click();
  }
  await expect(page.getByRole('radio', { name: /Native TensorFlow/ })).toBeDisabled();
});
