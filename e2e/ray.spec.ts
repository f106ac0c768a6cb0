import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rayServer, type ServedJob } from '../engine/ray/ray-server.test-support.ts';
import { tellEnd, tellUpdates, tellUpTo } from '../engine/ray/told-training.test-support.ts';
import { accessibleInBothThemes } from './accessible.ts';
import { expect, test } from './fixtures.ts';
import { Studio } from './studio.ts';

test.setTimeout(180_000);

const pictures = process.env['UNROLL_SCREENSHOTS'] === '1';
const token = 'a-very-secret-token';

test('a document is trained on a Ray cluster, found again after the app has ended, and used like any other', async ({
  app,
  window: page,
}) => {
  const jobs: ServedJob[] = [];
  const server = await rayServer({ token, onJob: (job) => jobs.push(job), onStop: (job) => job.tell({ stopped: 6 }) });
  const job = (i: number): ServedJob => {
    const found = jobs[i];
    if (found === undefined) throw new Error(`job ${i} was not submitted`);
    return found;
  };
  const studio = new Studio(page);
  await expect(studio.node('GRU cell')).toBeVisible();
  await studio.shorten(3, 600);

  await test.step('the dialog asks what it needs, and says what is wrong', async () => {
    await page.locator('.footer__device').click();
    await page.getByRole('button', { name: 'Train on a Ray cluster…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Train on a Ray cluster' });
    await expect(dialog).toBeVisible();
    await expect(dialog.getByRole('button', { name: 'Train there' })).toBeDisabled();
    await dialog.getByRole('textbox', { name: 'Address' }).fill('ssh://head');
    await dialog.getByRole('button', { name: 'Check the cluster' }).click();
    await expect(dialog.getByRole('alert')).toContainText('is not the address of a Ray cluster');
    await dialog.getByRole('textbox', { name: 'Address' }).fill(server.address);
    await dialog.getByRole('button', { name: 'Check the cluster' }).click();
    await expect(dialog.getByRole('alert')).toContainText('asks for a token (401)');
    await dialog.getByLabel('Token', { exact: true }).fill(token);
    await dialog.getByRole('button', { name: 'Check the cluster' }).click();
    await expect(dialog.getByRole('status')).toContainText('Ray 2.60.0 answers');
    await expect(dialog.getByLabel('Token', { exact: true })).toHaveValue('');
    await expect(dialog.getByText('One is kept for this cluster.')).toBeVisible();
    await dialog.getByRole('textbox', { name: 'Storage' }).fill(join(app.home, 'shared'));
    await accessibleInBothThemes(page, 'the dialog of a Ray cluster');
    await dialog.getByRole('button', { name: 'Train there' }).click();
    await expect(dialog).toBeHidden({ timeout: 60_000 });
  });

  await test.step('its curves grow as the job tells of them', async () => {
    await expect.poll(() => jobs.length).toBe(1);
    tellUpTo(server, job(0), { to: 6, from: 0, every: 4 });
    await expect(studio.training.getByText('step 6', { exact: false }).first()).toBeVisible();
    await expect(studio.training.getByText('Ray · CPU x · PyTorch 2.9.1 · node-1')).toBeVisible();
    await accessibleInBothThemes(page, 'a run on a Ray cluster');
  });

  await test.step('paused, the job saves and ends; resumed, another goes on', async () => {
    await studio.training.getByRole('button', { name: 'Pause training' }).click();
    await studio.training.getByRole('button', { name: 'Resume' }).click();
    await expect.poll(() => jobs.length).toBe(2);
    expect(job(1).given.resume).toBe(true);
    tellUpTo(server, job(1), { to: 6, from: 4, every: 4 });
    await expect(studio.training.getByText('Ray · CPU x · PyTorch 2.9.1 · node-1')).toBeVisible();
  });

  await test.step('when the app has ended, it goes on there and is found again', async () => {
    await app.kill();
    tellUpdates(server, job(1), { to: 12, from: 6, every: 4 });
    await app.start();
    await page.goto(app.address);
    await page.getByRole('button', { name: 'Not now' }).click();
    await expect(studio.training.getByText('step 12', { exact: false }).first()).toBeVisible({ timeout: 30_000 });
    tellEnd(job(1), 12);
    job(1).end('SUCCEEDED');
    await expect(studio.training.getByText('done', { exact: false }).first()).toBeVisible({ timeout: 60_000 });
  });

  await test.step('what came back is a run like any other', async () => {
    await studio.tab('Playground');
    await page.getByRole('textbox').first().fill('banana');
    await expect(
      page
        .getByRole('region', { name: /prediction/i })
        .or(page.getByText(/%/))
        .first(),
    ).toBeVisible();
  });

  await test.step('the trials of a sweep are jobs there, side by side', async () => {
    await studio.tab('Design');
    await studio.node('GRU cell').click();
    const inspector = page.getByRole('region', { name: 'Settings', exact: true });
    await inspector.getByRole('button', { name: 'Vary Width in a sweep' }).click();
    const range = inspector.getByRole('group', { name: 'Range of Width' });
    await range.getByRole('textbox', { name: 'to', exact: true }).fill('24');
    await expect(range.getByText(/^2: 12, 24$/)).toBeVisible();
    await studio.tab('Sweep');
    const sweep = page.getByRole('region', { name: 'Sweep', exact: true });
    await sweep.getByRole('combobox', { name: 'Method' }).click();
    await page.getByRole('option', { name: 'grid' }).click();
    await sweep.getByRole('textbox', { name: 'Side by side' }).fill('2');
    await sweep.getByRole('combobox', { name: 'Trials train' }).click();
    await page.getByRole('option', { name: 'on a cluster' }).click();
    // The app has another address since it was started again, and a browser keeps nothing for that one.
    const dialog = page.getByRole('dialog', { name: 'Train the trials on a Ray cluster' });
    await dialog.getByRole('textbox', { name: 'Address' }).fill(server.address);
    await dialog.getByRole('textbox', { name: 'Storage' }).fill(join(app.home, 'shared'));
    await dialog.getByRole('button', { name: 'Use this cluster' }).click();
    await expect(dialog).toBeHidden();
    await expect(sweep.getByText(`${server.address}; each on one process.`)).toBeVisible();
    await sweep.getByRole('button', { name: 'Set up the cluster…' }).click();
    await dialog.getByRole('textbox', { name: 'Workers' }).fill('2');
    await dialog.getByRole('button', { name: 'Use this cluster' }).click();
    await expect(dialog).toBeHidden();
    await expect(sweep.getByText(`${server.address}; each on 2 processes.`)).toBeVisible();
    await accessibleInBothThemes(page, 'where the trials of a sweep train');
    if (pictures) {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await page.screenshot({ path: `test-results/sweep-place-${colorScheme}.png` });
      }
    }
    await sweep.getByRole('button', { name: 'Start the sweep' }).click();
    await expect.poll(() => jobs.length, { timeout: 60_000 }).toBe(4);
    for (const i of [2, 3]) {
      expect(job(i).given).toMatchObject({ workers: 2, resume: false });
      tellUpTo(server, job(i), { to: 4, from: 0, every: 4 });
      tellEnd(job(i), 4);
      job(i).end('SUCCEEDED');
    }
    await expect(sweep.getByText('The sweep is done.', { exact: false })).toBeVisible({ timeout: 60_000 });
    await expect(sweep.getByText(`Trials train on ray:${server.address}.`, { exact: false })).toBeVisible();
  });

  await test.step('the token stands in its own file alone', async () => {
    const files = readdirSync(app.home, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const holding = files.filter((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1').includes(token));
    expect(holding.map(({ name }) => name)).toEqual(['ray-tokens.json']);
  });
  await server.close();
});
