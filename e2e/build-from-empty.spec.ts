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

  const nodes = page.locator('.react-flow__node');
  const wires = page.locator('.react-flow__edge');
  const layer = (title: string) => page.getByRole('button', { name: `Add ${title}`, exact: true });

  await test.step('layers are added to each other, and wire themselves: each one step of undo', async () => {
    await studio.tab('Design');
    await layer('Tokens').click();
    await layer('Embedding').click();
    await expect(wires).toHaveCount(1);
    await page.keyboard.press('Control+z');
    await expect(nodes).toHaveCount(1);
    await expect(wires).toHaveCount(0);
    await studio.node('Tokens').click();
    for (const search of ['embedding', 'recurrent', 'dense softmax']) {
      await page.keyboard.press('/');
      await page.keyboard.type(`${search}\n`);
      await expect(page.locator('.react-flow__node.selected')).toContainText(new RegExp(search, 'i'));
      // What was added has the focus, and is seen.
      await expect(page.locator('.react-flow__node.selected')).toBeFocused();
      await studio.settled();
      await expect(page.locator('.react-flow__node.selected')).toBeInViewport({ ratio: 1 });
    }
    await expect(wires).toHaveCount(3);
  });

  await test.step('among several wires none is guessed', async () => {
    await studio.node('Recurrent').click();
    await layer('Decoder').click();
    await expect(page.locator('.toast__text', { hasText: '3 wires between it and Recurrent' })).toBeVisible();
    await expect(wires).toHaveCount(3);
    await page.keyboard.press('Control+z');
    await expect(nodes).toHaveCount(4);
  });

  await test.step('a wire dropped on empty canvas asks for a layer that fits; Escape leaves nothing', async () => {
    await page.getByRole('button', { name: 'Zoom to fit' }).click();
    await studio.settled();
    const pull = async (): Promise<void> => {
      await studio.port(studio.node('Recurrent'), 'cell', 'target').hover();
      await page.mouse.down();
      const at = await studio.node('Recurrent').boundingBox();
      await page.mouse.move((at?.x ?? 0) + 40, (at?.y ?? 0) + 190, { steps: 5 });
      await page.mouse.up();
      await expect(page.getByRole('option', { name: 'LSTM cell' })).toBeVisible();
    };
    await pull();
    await expect(page.getByRole('option', { name: 'Dense' })).toHaveCount(0);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('option')).toHaveCount(0);
    await expect(page.locator('.react-flow__connection')).toHaveCount(0);
    await expect(nodes).toHaveCount(4);
    await pull();
    await page.keyboard.type('vanilla\n');
    await expect(wires).toHaveCount(4);
  });

  await test.step('a cell dropped on a wrapper takes the place of the one there', async () => {
    await studio.node('Vanilla RNN cell').click();
    const inspector = page.getByRole('complementary', { name: 'Inspector' });
    await inspector.getByRole('textbox', { name: 'Width' }).fill('32');
    await inspector.getByRole('textbox', { name: 'Width' }).press('Enter');
    await studio.settled();
    await layer('GRU cell').dragTo(studio.node('Recurrent'));
    await expect(studio.node('GRU cell')).toContainText('32 wide');
    await expect(studio.port(studio.node('GRU cell'), 'cell', 'source')).toHaveAttribute('data-wired', 'true');
    await expect(studio.node('Vanilla RNN cell')).toBeVisible();
    await page.getByRole('button', { name: 'Remove Vanilla RNN cell' }).click();
    await expect(studio.node('Vanilla RNN cell')).toHaveCount(0);
    await expect(wires).toHaveCount(4);
  });

  await test.step('a double click on the canvas asks for a layer there', async () => {
    const pane = await page.locator('.react-flow').boundingBox();
    const at = { x: (pane?.x ?? 0) + 90, y: (pane?.y ?? 0) + (pane?.height ?? 0) - 110 };
    await page.mouse.dblclick(at.x, at.y);
    await expect(page.getByRole('combobox', { name: 'Layers' })).toBeFocused();
    await page.keyboard.type('dropout\n');
    await expect(studio.node('Dropout')).toBeFocused();
    const box = await studio.node('Dropout').boundingBox();
    expect(Math.hypot((box?.x ?? 0) - at.x, (box?.y ?? 0) - at.y)).toBeLessThan(20);
    await page.keyboard.press('Control+z');
    await expect(nodes).toHaveCount(5);
    await page.getByRole('button', { name: 'Arrange the graph' }).click();
    await page.getByRole('button', { name: 'Zoom to fit' }).click();
  });

  await test.step('an impossible wire is refused with the reason', async () => {
    await studio.settled();
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
