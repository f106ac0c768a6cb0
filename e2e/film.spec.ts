import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { parse } from 'csv-parse/sync';
import { accessibleInBothThemes } from './accessible.ts';
import { expect, test } from './fixtures.ts';
import { lookedInto, unitMap as map, savedFigure } from './looking.ts';
import { Studio } from './studio.ts';

const pictures = process.env['UNROLL_SCREENSHOTS'] === '1';
const images = join(import.meta.dirname, '..', 'docs', 'images');

const film = (page: Page) => page.getByRole('slider', { name: 'Training' });
const moment = (page: Page) => page.getByRole('region', { name: 'Film' }).getByRole('status');
const answer = (page: Page) => page.getByLabel('What the network says');

test.use({ colorScheme: 'dark', viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1 });

/** A short run that is looked into, and whose successors keep a film. */
async function keeping(page: Page): Promise<Studio> {
  const studio = await lookedInto(page);
  await expect(film(page), 'nothing was kept').toHaveCount(0);
  await page.getByRole('button', { name: 'Keep film' }).click();
  await expect(page.getByRole('button', { name: 'Keeping film' })).toHaveAttribute('aria-pressed', 'true');
  return studio;
}

/** What the card of the embedding shows, pixel by pixel. */
const strip = (page: Page): Promise<string> =>
  page
    .getByRole('img', { name: /^What Embedding gives/ })
    .locator('canvas')
    .or(page.locator('canvas[aria-label^="What Embedding gives"]'))
    .first()
    .evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());

test('a film shows how cards, gates and answers came to be; it is there after a restart', async ({ app, window: page }) => {
  const studio = await keeping(page);
  await test.step('of the next run, from its first weights on', async () => {
    await page.getByRole('button', { name: 'Stop looking inside' }).click();
    await studio.shorten(6, 1000);
    await studio.trainButton().click();
    await studio.atWork();
    await studio.trained();
    await page.getByRole('button', { name: 'Look inside' }).click();
    await expect(film(page)).toBeVisible({ timeout: 60_000 });
    await expect(film(page)).toHaveAttribute('aria-valuetext', 'its best weights, 8 of 8');
    await expect(page.getByText(/^7 moments kept, 64 at most/)).toBeVisible();
  });

  await test.step('keys and the pointer move through the training', async () => {
    await film(page).focus();
    await page.keyboard.press('Home');
    await expect(moment(page)).toHaveText('step 0, before training');
    await expect(page.locator('.sentence-bar')).toHaveAttribute('aria-busy', 'false');
    const [first, said] = [await strip(page), await answer(page).innerText()];
    await page.keyboard.press('ArrowRight');
    await expect(moment(page)).toHaveText(/^step \d+ · epoch 1 · accuracy [\d.]+ %$/);
    await expect.poll(() => strip(page)).not.toBe(first);
    await expect(answer(page)).not.toHaveText(said);
    await page.keyboard.press('Home');
    await expect.poll(() => strip(page)).toBe(first);
    await expect(answer(page)).toHaveText(said);
    const box = await film(page).boundingBox();
    await page.mouse.click((box?.x ?? 0) + (box?.width ?? 0) * 0.5, (box?.y ?? 0) + (box?.height ?? 0) / 2);
    await expect(film(page)).toHaveValue(/[34]/);
    if (pictures) await page.screenshot({ path: join(images, 'film-dark.png') });
    await page.setViewportSize({ width: 900, height: 700 });
    const region = page.getByRole('region', { name: 'Film' });
    expect(await region.evaluate((bar) => bar.scrollWidth - bar.clientWidth)).toBe(0);
    await expect(region.getByRole('button', { name: 'All moments, and save them' })).toBeInViewport({ ratio: 1 });
    await page.setViewportSize({ width: 1280, height: 800 });
    await accessibleInBothThemes(page, 'film');
  });

  await test.step('all moments are seen beside each other, and saved', async () => {
    const said = await answer(page).innerText();
    await page.getByRole('button', { name: 'All moments, and save them' }).click();
    const sheet = page.getByRole('dialog', { name: 'Film: z of Bidirectional, units × steps' });
    await expect(sheet.getByRole('button', { name: /^Save: Film/ })).toBeVisible({ timeout: 60_000 });
    await expect(sheet.getByRole('listitem')).toHaveCount(8);
    if (pictures) await page.screenshot({ path: join(images, 'film-moments-dark.png') });
    await accessibleInBothThemes(page, 'all moments of a film');
    const save = async (kind: string): Promise<string> => (await savedFigure(page, /^Save: Film/, kind)).toString();
    const [head, ...rows]: string[][] = parse(await save('Numbers as CSV'));
    expect(head?.slice(0, 6)).toEqual(['', 'training step', 'says', 'probability', 'loss', 'unit of z']);
    expect(rows).toHaveLength(8 * 48);
    expect([...new Set(rows.map(([words]) => words))]).toEqual(
      (await sheet.getByRole('listitem').allInnerTexts()).map((words) => words.split(' → ')[0]),
    );
    const picture = await save('Picture as SVG');
    const maps = [...picture.matchAll(/href="([^"]+)"/g)].map(([, address]) => address);
    expect(new Set(maps).size, 'the last moment’s weights are another moment’s').toBeGreaterThanOrEqual(7);
    expect(maps).toHaveLength(8);
    await sheet.getByRole('button', { name: 'Close' }).click();
    // What was looked at is still there.
    await expect(answer(page)).toHaveText(said);
    await page.getByRole('radio', { name: 'r', exact: true }).click();
    await expect(map(page)).toHaveAccessibleName(/^r of Bidirectional/);
  });

  await test.step('it plays to its end', async () => {
    await page.getByRole('button', { name: 'Play the film' }).focus();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('button', { name: 'Pause the film' })).toBeVisible();
    await expect(film(page)).toHaveAttribute('aria-valuetext', 'its best weights, 8 of 8', { timeout: 30_000 });
    await expect(page.getByRole('button', { name: 'Play the film' })).toBeVisible();
  });

  await test.step('weights of a step are chosen with the sentence, too', async () => {
    await page.getByRole('button', { name: 'Input', exact: true }).click();
    await page.getByRole('radio', { name: 'Of a step' }).click();
    await expect(page.getByRole('combobox', { name: 'Step of the weights' })).toHaveText('step 0');
    await page.keyboard.press('Escape');
    await expect(moment(page)).toHaveText('step 0, before training');
  });

  await test.step('a run beside it is shown at the moment nearest to that, and it is told', async () => {
    await page.getByRole('combobox', { name: 'Compare with' }).click();
    await page.getByRole('option', { name: /accuracy/ }).click();
    const told = page.getByText(/^this run: .*the other: /);
    await expect(told).toHaveText(/^this run: step 0\. the other: step \d+, the nearest that it keeps\.$/, { timeout: 60_000 });
    await film(page).focus();
    await page.keyboard.press('End');
    await expect(told).toHaveText(/^this run: its best weights, step \d+\. the other: its best weights, step \d+\.$/);
  });

  await app.kill();
  await app.start();
  await page.goto(app.address);
  // The document was not saved; the network of the template is the one that was trained.
  await page.getByRole('button', { name: 'Not now' }).click();
  await studio.tab('Runs');
  await page
    .getByRole('region', { name: /^Details of/ })
    .getByRole('button', { name: 'Look inside' })
    .click();
  await expect(film(page)).toHaveAttribute('aria-valuetext', 'its best weights, 8 of 8', { timeout: 60_000 });
});

test('eigenvalues move over the training, and an arrow turns to where products drive it', async ({ window: page }) => {
  const studio = await keeping(page);
  await page.getByRole('button', { name: 'Stop looking inside' }).click();
  await studio.shorten(8, 1000);
  await studio.trainButton().click();
  await studio.atWork();
  await studio.trained();
  await page.getByRole('button', { name: 'Look inside' }).click();
  await page.getByRole('tab', { name: 'Spectrum' }).click();
  const plot = page.getByRole('img', { name: /^Eigenvalues of/ });
  await expect(plot).toBeVisible({ timeout: 60_000 });
  await page.getByRole('combobox', { name: 'Matrix' }).click();
  await page.getByRole('option', { name: /^U/ }).first().click();
  await expect(plot).toHaveAttribute('aria-label', /^Eigenvalues of U_\w+, .*; with their ways over [78] earlier moments$/, {
    timeout: 60_000,
  });

  await test.step('a moment of the film has its own', async () => {
    const radius = page.getByText(/^ρ = /);
    const last = await radius.innerText();
    await film(page).focus();
    await page.keyboard.press('Home');
    await expect(plot).toHaveAttribute('aria-label', /unit circle$/);
    await expect(radius).not.toHaveText(last);
    for (let step = 0; step < 4; step++) await page.keyboard.press('ArrowRight');
    await expect(plot).toHaveAttribute('aria-label', /with their ways over 4 earlier moments$/);
    await page.keyboard.press('End');
    await expect(radius).toHaveText(last);
  });

  await test.step('the start of the arrow is moved by keys and dragged', async () => {
    const arrow = page.getByRole('application', { name: /^Repeated products with U_\w+/ });
    await expect(arrow).toBeVisible({ timeout: 60_000 });
    const read = page.getByRole('status').filter({ hasText: /^Start at/ });
    const [, largest] = /\|λ₁\| = ([\d.]+)/.exec(await read.innerText()) ?? [];
    const [, radius] = /ρ = ([\d.]+)/.exec(await page.getByText(/^ρ = /).innerText()) ?? [];
    expect(Number(largest)).toBeCloseTo(Number(radius), 2);
    const [, before] = /Start at (-?\d+)°/.exec(await read.innerText()) ?? [];
    await arrow.focus();
    await page.keyboard.press('ArrowLeft');
    await expect(read).toContainText(`Start at ${Number(before) + 5}°`);
    for (let i = 0; i < 30; i++) await page.keyboard.press('ArrowUp');
    await expect(read).toContainText('100.0 % in this plane');
    const box = (await arrow.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    await page.mouse.move(box.x + box.width / 2 + 40, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2 - 40, { steps: 4 });
    await page.mouse.up();
    await expect(read).toContainText('Start at 90°');
    await accessibleInBothThemes(page, 'spectrum over training');
  });
});

test('a film is begun and watched while a run trains', async ({ window: page }) => {
  const studio = new Studio(page);
  await expect(studio.node('GRU cell')).toBeVisible();
  await studio.shorten(200, 600);
  await studio.train();
  await studio.epochsOver(1);
  await page.getByRole('button', { name: 'Look inside' }).click();
  await expect(map(page)).toBeVisible({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Keep film' }).click();
  await expect(film(page)).toBeVisible({ timeout: 30_000 });
  const count = async (): Promise<number> => Number(await film(page).getAttribute('max'));
  const before = await count();
  await expect.poll(count, { timeout: 60_000 }).toBeGreaterThan(before + 1);
  await expect(film(page)).toHaveAttribute('aria-valuetext', /^now, (\d+) of \1$/);

  // A moment stands still while the run goes on, and nothing of it comes or goes.
  await film(page).focus();
  await page.keyboard.press('Home');
  const chosen = await moment(page).innerText();
  await expect(page.locator('.sentence-bar')).toHaveAttribute('aria-busy', 'false');
  const said = await answer(page).innerText();
  const now = await count();
  await expect.poll(count, { timeout: 60_000 }).toBeGreaterThan(now);
  expect(await moment(page).innerText()).toBe(chosen);
  expect(await answer(page).innerText()).toBe(said);

  await test.step('it plays while the run trains', async () => {
    await page.getByRole('button', { name: 'Play the film' }).click();
    await expect.poll(async () => Number(await film(page).inputValue()), { timeout: 30_000 }).toBeGreaterThan(1);
    await page.getByRole('button', { name: 'Pause the film' }).click();
  });
  await page.getByRole('button', { name: 'Keeping film' }).click();
  await expect(page.getByRole('button', { name: 'Keep film' })).toHaveAttribute('aria-pressed', 'false');
  await page
    .getByRole('banner')
    .getByRole('button', { name: /^Pause/ })
    .click();
  await expect(film(page), 'what is kept stays').toBeVisible();
  // A paused run is where its last checkpoint is.
  await film(page).focus();
  await page.keyboard.press('End');
  await expect(moment(page)).toHaveText('its last weights');
  await expect(page.locator('.sentence-bar')).toHaveAttribute('aria-busy', 'false');
  await expect(page.locator('.sentence-bar').getByRole('alert')).toHaveCount(0);
});
