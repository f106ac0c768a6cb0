import { expect, test } from './fixtures.ts';
import { Studio } from './studio.ts';

test('the engine is killed while it trains: the window lives, says what happened, and the run resumes', async ({
  app,
  window: page,
}) => {
  const studio = new Studio(page);
  await expect(studio.node('GRU cell')).toBeVisible();
  await page.getByRole('textbox', { name: 'Document name' }).fill('my own name');
  await page.getByRole('textbox', { name: 'Document name' }).press('Enter');
  // Long enough to be killed half-way where a device is fast.
  await studio.shorten(40, 3000);
  await studio.trainButton().click();
  // The first epoch is over: there is a checkpoint to go on from.
  await expect(studio.training.getByText(/epoch ([2-9]|[12]\d) of 40/)).toBeVisible({ timeout: 120_000 });

  process.kill(app.enginePid(), 'SIGKILL');
  await expect(page.getByRole('alert').first()).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Document name' })).toHaveValue('my own name');
  await expect(studio.node('Bidirectional')).toBeVisible();

  const resume = studio.training.getByRole('button', { name: /Resume|Continue/ });
  await expect(resume).toBeVisible({ timeout: 30_000 });
  await expect(studio.training.getByText(/interrupted/i).first()).toBeVisible();
  await resume.click();
  await expect(studio.training.getByRole('button', { name: 'Pause' })).toBeVisible({ timeout: 60_000 });
  await studio.trained();
  await studio.tab('Runs');
  await expect(page.getByRole('row').filter({ hasText: 'done' })).toHaveCount(1);
});

test('the app is killed: after the start the unsaved document is offered, and the run can be resumed', async ({
  app,
  window: page,
}) => {
  const studio = new Studio(page);
  await expect(studio.node('GRU cell')).toBeVisible();
  await page.getByRole('textbox', { name: 'Document name' }).fill('never saved');
  await page.getByRole('textbox', { name: 'Document name' }).press('Enter');
  // Long enough to be killed half-way where a device is fast.
  await studio.shorten(40, 3000);
  await studio.trainButton().click();
  await expect(studio.training.getByText(/epoch ([2-9]|[12]\d) of 40/)).toBeVisible({ timeout: 120_000 });
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
  await expect(studio.training.getByRole('button', { name: 'Pause' })).toBeVisible({ timeout: 60_000 });
  await studio.trained();
  await studio.tab('Runs');
  await expect(page.getByRole('row').filter({ hasText: 'done' })).toHaveCount(1);
});
