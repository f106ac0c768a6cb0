import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from './fixtures.ts';
import { Studio } from './studio.ts';

/** Sentences whose class is told by one word somewhere in them. */
function madeUpReviews(): string {
  const fillers = ['the', 'film', 'was', 'long', 'and', 'we', 'saw', 'it', 'on', 'monday', 'with', 'friends', 'there'];
  const rows = ['text,label'];
  for (let i = 0; i < 300; i++) {
    const words = Array.from({ length: 4 + (i % 5) }, (_, j) => fillers[(i * 7 + j * 5) % fillers.length] ?? '');
    words[i % words.length] = i % 2 === 0 ? 'wonderful' : 'dreadful';
    rows.push(`${words.join(' ')} ${i},${i % 2 === 0 ? 'good' : 'bad'}`);
  }
  return `${rows.join('\n')}\n`;
}

test('from an empty canvas and one’s own CSV file to a prediction', async ({ app, window: page }) => {
  const studio = new Studio(page);
  await expect(studio.node('GRU cell')).toBeVisible();
  const csv = join(app.home, 'reviews.csv');
  writeFileSync(csv, madeUpReviews());

  await studio.newDocument();
  await expect(page.getByText('Start a network')).toBeVisible();

  await test.step('attach data', async () => {
    await studio.tab('Data');
    await page.getByRole('textbox', { name: 'Path of the file' }).fill(csv);
    await page.getByRole('button', { name: 'Look' }).click();
    await expect(page.getByText('wonderful').first()).toBeVisible();
    await page
      .getByRole('button', { name: /^Prepare/ })
      .first()
      .click();
    await expect(page.getByRole('region', { name: 'Report' })).toBeVisible({ timeout: 30_000 });
  });

  await test.step('place the layers', async () => {
    await studio.tab('Design');
    await studio.addLayers([
      ['Tokens', 20, 90],
      ['Embedding', 250, 90],
      ['Recurrent', 480, 90],
      ['Dense softmax', 20, 250],
      ['GRU cell', 480, 250],
    ]);
  });

  await test.step('wire them', async () => {
    await page.getByRole('button', { name: 'Zoom to fit' }).click();
    const recurrent = studio.node('Recurrent');
    await studio.wire(studio.node('Tokens'), 'tokens', studio.node('Embedding'), 'tokens');
    await studio.wire(studio.node('Embedding'), 'sequence', recurrent, 'sequence');
    await studio.wire(studio.node('GRU cell'), 'cell', recurrent, 'cell');
    await studio.wire(recurrent, 'output', studio.node('Dense softmax'), 'input');
    await expect(page.locator('.react-flow__edge')).toHaveCount(4);
    await page.getByRole('button', { name: 'Arrange the graph' }).click();
    await page.getByRole('button', { name: 'Zoom to fit' }).click();
  });

  await test.step('an impossible wire is refused with the reason', async () => {
    await studio.port(studio.node('Tokens'), 'tokens', 'source').hover();
    await page.mouse.down();
    await studio.port(studio.node('Dense softmax'), 'input', 'target').hover();
    await expect(page.locator('.wire-hint')).toContainText(/token/i);
    await page.mouse.up();
    await expect(page.locator('.react-flow__edge')).toHaveCount(4);
  });

  await test.step('the problem is named with its fix, and following it clears it', async () => {
    await expect(studio.training.getByText(/Set the recurrent layer before it to/)).toBeVisible();
    await studio.node('Recurrent').click();
    const inspector = page.getByRole('complementary', { name: 'Inspector' });
    await inspector.getByRole('combobox', { name: 'Output' }).click();
    await page.getByRole('option', { name: /last/ }).click();
    await expect(studio.trainButton()).toBeEnabled();
  });

  await test.step('train and predict', async () => {
    await studio.train();
    await studio.trained();
    await studio.tab('Playground');
    await page.getByRole('region', { name: 'Playground' }).getByRole('textbox').first().fill('it was wonderful');
    await expect(page.getByRole('region', { name: 'Prediction' }).getByText(/%/).first()).toBeVisible();
  });
});
