import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { accessibleInBothThemes } from './accessible.ts';
import { expect, test } from './fixtures.ts';
import { Studio } from './studio.ts';

test('a lesson is opened with keys, points at the window, goes on by what is done, and asks what only trying answers', async ({
  window: page,
  app,
}) => {
  const studio = new Studio(page);
  await expect(studio.node('GRU cell')).toBeVisible();
  const panel = page.getByRole('complementary', { name: /^Lesson/ });
  const next = panel.getByRole('button', { name: 'Next' });

  await test.step('from the command palette, with keys alone', async () => {
    await studio.command('Learn: short lessons');
    const dialog = page.getByRole('dialog', { name: 'Learn' });
    await expect(dialog.getByRole('button', { name: /^Open lesson/ }).first()).toBeVisible();
    await accessibleInBothThemes(page, 'list of lessons');
    await page.screenshot({ path: 'test-results/lessons.png' });
    await dialog.getByRole('button', { name: 'Open lesson From one-hot to embedding' }).press('Enter');
    await expect(panel.getByRole('heading', { name: '1. Names, not numbers' })).toBeVisible();
  });

  await test.step('a step points at its node, and the next one is read from its head', async () => {
    await expect(page.locator('[data-lesson-point]')).toHaveText(/Token/);
    await accessibleInBothThemes(page, 'a lesson');
    await page.screenshot({ path: 'test-results/lesson.png' });
    await next.press('Enter');
    await expect(panel.getByRole('heading', { name: '2. One-hot' })).toBeFocused();
    await expect(page.locator('[data-lesson-point]')).toHaveCount(0);
    await next.click();
    await panel.getByRole('button', { name: 'Show me' }).click();
    await expect(studio.node('Embedding')).toBeFocused();
    await next.click();
  });

  await test.step('a training that is done here is noticed', async () => {
    await expect(page.locator('[data-lesson-point]')).toContainText('Train');
    await expect(panel.getByRole('status')).toHaveText('The lesson goes on when this is done.');
    await studio.shorten(1, 300);
    await page.getByRole('banner').getByRole('button', { name: 'Train', exact: true }).click();
    await expect(panel.getByRole('status')).toHaveText('Done', { timeout: 60_000 });
    await next.click();
  });

  await test.step('so is a change of the graph; the same after a reload', async () => {
    await page.reload();
    await expect(panel.getByRole('heading', { name: '5. Without the table' })).toBeVisible();
    // By keys: what an edit writes below the canvas moves it, between the press of a pointer and its release too.
    const select = async (title: string): Promise<void> => {
      await studio.settled();
      await studio.node(title).focus();
      await page.keyboard.press('Enter');
      await expect(page.locator('.react-flow__node.selected')).toContainText(title);
    };
    await select('Embedding');
    await page.keyboard.press('Delete');
    await expect(studio.node('Embedding')).toHaveCount(0);
    await select('Tokens');
    await page.getByRole('button', { name: 'Add One-hot', exact: true }).click();
    await expect(studio.node('One-hot')).toBeVisible();
    await studio.wire(studio.node('One-hot'), 'sequence', studio.node('Bidirectional'), 'sequence');
    await expect(panel.getByRole('status')).toHaveText('Done');
    await next.click();
  });

  await test.step('the question waits for the experiment, and says why an answer is wrong or right', async () => {
    await expect(panel.getByRole('heading', { name: 'The question' })).toBeFocused();
    const right = panel.getByRole('radio', { name: /^Nearly as well/ });
    await expect(right).toBeDisabled();
    // Its formula is set, and not written as TeX.
    await expect(panel.locator('.lesson__answers math')).toHaveCount(1);
    await expect(panel.locator('.lesson__answers')).not.toContainText('$');
    await accessibleInBothThemes(page, 'the question of a lesson');
    await page.getByRole('banner').getByRole('button', { name: 'Train', exact: true }).click();
    await expect(right).toBeEnabled({ timeout: 60_000 });
    await panel.getByRole('radio', { name: /^It cannot learn/ }).check();
    await expect(panel.getByRole('status')).toContainText('Not so.');
    await right.check();
    await expect(panel.getByRole('status')).toContainText('Right.');
    await page.screenshot({ path: 'test-results/lesson-question.png' });
    await panel.getByRole('button', { name: 'Close the lesson' }).click();
    await expect(panel).toHaveCount(0);
  });

  await test.step('it is marked as done; a teacher’s own is opened from its file, and a wrong one says where', async () => {
    await studio.command('Learn: short lessons');
    const dialog = page.getByRole('dialog', { name: 'Learn' });
    await expect(dialog.getByRole('listitem').first()).toContainText('done');
    const wrong = join(app.home, 'wrong.lesson.json');
    writeFileSync(wrong, '{"format":"unroll-lesson"}');
    await dialog.getByRole('button', { name: 'Open a lesson file…' }).click();
    await page.getByRole('dialog').getByRole('textbox', { name: 'File name or path' }).fill(wrong);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByRole('button', { name: 'Don’t save' }).click();
    await expect(page.locator('.toast__title').filter({ hasText: /wrong\.lesson\.json: version/ })).toBeVisible();
  });
});

async function openLesson(page: Page, title: string) {
  const studio = new Studio(page);
  await expect(studio.node('GRU cell')).toBeVisible();
  await studio.command('Learn: short lessons');
  await page
    .getByRole('dialog')
    .getByRole('button', { name: `Open lesson ${title}` })
    .click();
  return { studio, panel: page.getByRole('complementary', { name: /^Lesson/ }) };
}

test('a lesson goes on when the view of the microscope that it asks for is open', async ({ window: page }) => {
  const { panel } = await openLesson(page, 'Back through time, term by term');
  await panel.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('textbox', { name: 'Epochs' }).fill('1');
  await page.getByRole('textbox', { name: 'Epochs' }).press('Enter');
  await page.getByRole('banner').getByRole('button', { name: 'Train', exact: true }).click();
  await expect(panel.getByRole('status')).toHaveText('Done', { timeout: 60_000 });
  await panel.getByRole('button', { name: 'Next' }).click();
  await expect(page.locator('[data-lesson-point]')).toHaveText('Look inside');
  await page.getByRole('button', { name: 'Look inside' }).click();
  await expect(panel.getByRole('status')).toHaveText('The lesson goes on when this is done.');
  await page.getByRole('tab', { name: 'Term by term' }).click();
  await expect(panel.getByRole('status')).toHaveText('Done');
  await panel.getByRole('button', { name: 'Next' }).click();
  await expect(page.locator('.microscope[data-lesson-point]')).toHaveCount(1);
  await accessibleInBothThemes(page, 'a lesson beside the microscope');
  await page.screenshot({ path: 'test-results/lesson-microscope.png' });
});

test('a lesson outlines both ends of a wire, and its last step leads to a network that trains', async ({ window: page }) => {
  const { studio, panel } = await openLesson(page, 'Encoder, decoder, attention');
  await expect(panel.getByRole('heading', { name: '1. Two networks' })).toBeVisible();
  await studio.shorten(1, 200);
  for (let step = 0; step < 5; step++) await panel.getByRole('button', { name: /^(Next|Skip)/ }).click();
  await expect(panel.getByRole('heading', { name: '6. Without it' })).toBeVisible();
  await panel.getByRole('button', { name: 'Show me' }).click();
  await studio.settled();
  await expect(page.locator('[data-lesson-point]')).toHaveText([/Bidirectional/, /Decoder/]);
  for (const node of ['Bidirectional', 'Decoder']) await expect(studio.node(node)).toBeInViewport({ ratio: 0.99 });

  await studio.node('Decoder').click();
  await page.getByRole('combobox', { name: 'Attention', exact: true }).click();
  await page.getByRole('option', { name: 'none' }).click();
  await page.locator('.react-flow__edge[aria-label="Wire from Bidirectional to Decoder"]').focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Delete');
  await page.getByRole('banner').getByRole('button', { name: 'Train', exact: true }).click();
  await expect(panel.getByRole('status')).toHaveText('Done', { timeout: 120_000 });
});

test('a lesson has its layer unfolded, and sees that it is', async ({ window: page }) => {
  const { studio, panel } = await openLesson(page, 'One cell, many steps');
  for (let step = 0; step < 5; step++) await panel.getByRole('button', { name: /^(Next|Skip)/ }).click();
  await expect(panel.getByRole('heading', { name: '6. Unfold it' })).toBeVisible();
  await expect(panel.getByRole('status')).toHaveText('The lesson goes on when this is done.');
  await panel.getByRole('button', { name: 'Show me' }).click();
  await expect(studio.node('Recurrent')).toBeFocused();
  await page.keyboard.press('u');
  await expect(panel.getByRole('status')).toHaveText('Done');
});
