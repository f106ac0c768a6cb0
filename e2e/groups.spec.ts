import type { Locator } from '@playwright/test';
import { accessibleInBothThemes } from './accessible.ts';
import { expect, moving, test } from './fixtures.ts';
import { Studio } from './studio.ts';

test.use(moving);

const middle = async (item: Locator): Promise<{ x: number; y: number }> => {
  const box = await item.boundingBox();
  if (box === null) throw new Error('it is not on the screen');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
};

const place = (node: Locator): Promise<string> =>
  node.evaluate((element) => [(element as HTMLElement).style.left, (element as HTMLElement).style.top].join());

test('a frame is put around nodes, named, coloured, moved with them and deleted without them', async ({ window: page }) => {
  const studio = new Studio(page);
  const frame = page.locator('.react-flow__node-frame');
  await studio.node('Embedding').click();
  await studio.node('Bidirectional').click({ modifiers: ['Shift'] });
  await page.keyboard.press('Control+Alt+g');
  await page.getByRole('textbox', { name: 'Title of the frame' }).fill('Reading');
  await page.keyboard.press('Enter');
  await expect(frame).toContainText('Reading');
  await expect(frame).toBeFocused();

  await test.step('by its title it moves with what lies in it, as one step', async () => {
    await studio.settled();
    const [embedding, head] = [studio.node('Embedding'), studio.node('GRU cell')];
    const [before, still] = await Promise.all([place(embedding), place(head)]);
    const title = await middle(frame.getByText('Reading'));
    await page.mouse.move(title.x, title.y);
    await page.mouse.down();
    await page.mouse.move(title.x + 40, title.y + 90, { steps: 6 });
    await page.mouse.up();
    await expect.poll(() => place(embedding)).not.toBe(before);
    expect(await place(head)).toBe(still);
    await page.keyboard.press('Control+z');
    await expect.poll(() => place(embedding)).toBe(before);
  });

  await test.step('its colour and title change by keys and in its menu', async () => {
    await frame.getByText('Reading').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Colour the frame green' }).click();
    await expect(page.getByRole('radio', { name: 'green' })).toBeChecked();
    await frame.getByText('Reading').dblclick();
    await page.keyboard.press('Escape');
    await page.keyboard.press('F2');
    await page.getByRole('textbox', { name: 'Title of the frame' }).fill('Encoder');
    await page.keyboard.press('Enter');
    await expect(frame).toContainText('Encoder');
    await accessibleInBothThemes(page, 'a selected frame');
  });

  await test.step('its corner resizes it', async () => {
    const corner = await middle(frame.locator('.react-flow__resize-control.handle.bottom.right'));
    const before = await frame.boundingBox();
    await page.mouse.move(corner.x, corner.y);
    await page.mouse.down();
    await page.mouse.move(corner.x + 44, corner.y + 44, { steps: 5 });
    await page.mouse.up();
    await expect.poll(async () => (await frame.boundingBox())?.width).toBeGreaterThan((before?.width ?? 0) + 20);
  });

  await test.step('an area drawn inside it selects nodes, not the frame', async () => {
    const box = await frame.boundingBox();
    if (box === null) throw new Error('the frame is gone');
    await page.keyboard.down('Shift');
    await page.mouse.move(box.x + 6, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width - 12, box.y + box.height - 12, { steps: 6 });
    await page.mouse.up();
    await page.keyboard.up('Shift');
    await expect(page.locator('.react-flow__node-layer.selected')).not.toHaveCount(0);
    await expect(page.locator('.react-flow__node-frame.selected')).toHaveCount(0);
  });

  await test.step('copied, it takes along what lies in it; deleted, it leaves that', async () => {
    const nodes = page.locator('.react-flow__node-layer');
    const count = await nodes.count();
    await frame.getByText('Encoder').click();
    await page.keyboard.press('Control+d');
    await expect(frame).toHaveCount(2);
    expect(await nodes.count()).toBeGreaterThan(count + 1);
    await page.keyboard.press('Control+z');
    await frame.getByText('Encoder').click();
    await page.keyboard.press('Delete');
    await expect(frame).toHaveCount(0);
    await expect(nodes).toHaveCount(count);
  });
});

test('nodes become a block, which is opened, edited inside, repeated, placed twice, kept and expanded, with one history', async ({
  window: page,
}) => {
  const studio = new Studio(page);
  const way = page.getByRole('navigation', { name: 'Way to this block' });
  const nodes = page.locator('.react-flow__node-layer');
  await expect(studio.node('GRU cell')).toBeVisible();
  await studio.settled();
  const count = await nodes.count();

  await test.step('collapsed by a key and named in place; what it means stays', async () => {
    await studio.node('Bidirectional').click();
    await studio.node('GRU cell').click({ modifiers: ['Shift'] });
    await page.keyboard.press('Control+g');
    await page.getByRole('textbox', { name: /^Name of Block/ }).fill('Encoder');
    await page.keyboard.press('Enter');
    await expect(nodes).toHaveCount(count - 1);
    await expect(studio.node('Encoder')).toContainText('2 layers');
    await expect(page.getByRole('button', { name: 'No problems' })).toBeVisible();
  });

  await test.step('double-click opens it; an edit inside is one step of the one history', async () => {
    await studio.node('Encoder').dblclick();
    await expect(way).toContainText('Encoder');
    await expect(studio.node('GRU cell')).toBeVisible();
    await expect(page.locator('.card[data-kind="block-input"]')).toHaveCount(1);
    await expect(page.locator('.card[data-kind="block-output"]')).toHaveCount(1);
    await studio.settled();
    await studio.node('GRU cell').click();
    await accessibleInBothThemes(page, 'the inside of a block');
    await page.getByRole('textbox', { name: 'Width' }).fill('7');
    await page.locator('.react-flow__pane').click({ position: { x: 20, y: 300 } });
    await page.keyboard.press('Escape');
    await expect(way).toHaveCount(0);
    await page.keyboard.press('Control+z');
    await expect(way).toContainText('Encoder');
    await studio.node('GRU cell').click();
    await expect(page.getByRole('textbox', { name: 'Width' })).toHaveValue('48');
  });

  await test.step('a cell inside is opened too, made one’s own, and left by the way that tells where one is', async () => {
    await studio.node('GRU cell').dblclick();
    const text = page.getByRole('textbox', { name: 'Equations of the cell' });
    await expect(text).toBeVisible();
    const toCell = page.getByRole('navigation', { name: 'Way to this cell' });
    await expect(toCell).toContainText('Encoder');
    await page.getByRole('button', { name: 'Edit as own cell' }).click();
    await expect(text).toHaveAttribute('contenteditable', 'true');
    await expect(page.getByRole('contentinfo').getByRole('button', { name: 'No problems' })).toBeVisible();
    await toCell.getByRole('button', { name: 'Encoder' }).click();
    await expect(way).toContainText('Encoder');
    await expect(studio.node('My GRU cell')).toBeVisible();
    await page.keyboard.press('Control+z');
    await expect(studio.node('My GRU cell')).toHaveCount(0);
  });

  await test.step('a problem inside is told on the card, and leads inside', async () => {
    await studio.node('GRU cell').click();
    await page.keyboard.press('Delete');
    await page.keyboard.press('Alt+ArrowUp');
    await expect(way).toHaveCount(0);
    await expect(studio.node('Encoder').getByRole('img', { name: /problem/ })).toBeVisible();
    await page
      .getByRole('contentinfo')
      .getByRole('button', { name: /problem/ })
      .click();
    await page
      .getByRole('region', { name: 'Problems' })
      .getByRole('button', { name: /Encoder › Bidirectional/ })
      .first()
      .click();
    await expect(studio.node('Bidirectional')).toBeFocused();
    await page.keyboard.press('Control+z');
    await way.getByRole('button').first().click();
  });

  await test.step('placed again it shares the inside, until it is detached; kept, it is there in a new document', async () => {
    await page.getByRole('button', { name: 'Add block Encoder', exact: true }).click();
    await expect(nodes.filter({ hasText: 'Encoder' })).toHaveCount(2);
    await expect(page.getByText('Placed 2 times')).toBeVisible();
    await page.getByRole('button', { name: 'Keep for other documents' }).click();
    await expect(page.getByRole('button', { name: 'Add block Encoder, kept' })).toBeVisible();
    await page.getByRole('button', { name: 'Detach a copy' }).click();
    await expect(nodes.filter({ hasText: 'Encoder 2' })).toHaveCount(1);
    await page.keyboard.press('Control+Shift+g');
    await expect(nodes.filter({ hasText: 'GRU cell' })).toHaveCount(1);
    await studio.newDocument();
    await page.getByRole('button', { name: 'Add block Encoder, kept' }).click();
    await expect(nodes).toHaveCount(1);
    await page.keyboard.press('Enter');
    await expect(studio.node('Bidirectional')).toBeVisible();
  });
});

test('a graph with blocks trains, answers, and is there again after a reload, one block in another and one repeated', async ({
  window: page,
}) => {
  const studio = new Studio(page);
  const way = page.getByRole('navigation', { name: 'Way to this block' });
  const collapse = async (name: string): Promise<void> => {
    await page.keyboard.press('Control+g');
    await page.getByRole('textbox', { name: /^Name of Block/ }).fill(name);
    await page.keyboard.press('Enter');
    await expect(studio.node(name)).toBeVisible();
  };

  await test.step('what does not fit itself says why it is not repeated', async () => {
    await studio.node('Bidirectional').click();
    await studio.node('GRU cell').click({ modifiers: ['Shift'] });
    await collapse('Both ways');
    await expect(page.getByRole('textbox', { name: 'Repeat' })).toBeDisabled();
    await expect(page.getByText(/^Not here: /)).toBeVisible();
  });

  await test.step('what fits itself is repeated, as one step', async () => {
    await studio.node('Embedding').click();
    await studio.command('Add Dropout');
    await expect(studio.node('Dropout')).toBeVisible();
    await studio.node('Dropout').click();
    await collapse('Noise');
    await page.getByRole('textbox', { name: 'Repeat' }).fill('3');
    await page.getByRole('textbox', { name: 'Repeat' }).press('Enter');
    await expect(studio.node('Noise')).toContainText('×3');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+z');
    await expect(studio.node('Noise')).not.toContainText('×3');
    await studio.node('Noise').click();
    await page.keyboard.press('Delete');
  });

  await test.step('a block in a block', async () => {
    await studio.node('Embedding').click();
    await studio.node('Both ways').click({ modifiers: ['Shift'] });
    await collapse('Encoder');
    await page.keyboard.press('Enter');
    await studio.node('Both ways').dblclick();
    await expect(way).toContainText('Both ways');
    await page.reload();
    await expect(way).toContainText('Both ways');
    await expect(studio.node('GRU cell')).toBeVisible();
    await way.getByRole('button').first().click();
    await expect(studio.node('Encoder')).toBeVisible();
  });

  await test.step('it trains, and answers', async () => {
    await expect(page.getByRole('button', { name: 'No problems' })).toBeVisible();
    await studio.shorten(1, 600);
    await studio.train();
    await studio.trained();
    await studio.tryIt('hello');
    await expect(page.getByRole('region', { name: 'Try it', exact: true }).getByText('%').first()).toBeVisible();
  });
});

test('what keeps a run from starting leads to its node inside of a block', async ({ window: page }) => {
  const studio = new Studio(page);
  await expect(studio.node('Embedding')).toContainText('parameters');
  await studio.node('Embedding').click();
  await page.keyboard.press('Control+g');
  await page.getByRole('textbox', { name: /^Name of Block/ }).fill('Words');
  await page.keyboard.press('Enter');
  await studio.node('Words').dblclick();
  await studio.node('Embedding').click();
  const vectors = page.getByRole('textbox', { name: /vectors/i });
  await vectors.fill('/nowhere/vectors.txt');
  await vectors.press('Enter');
  await page.locator('.react-flow__pane').click({ position: { x: 20, y: 300 } });
  await page.keyboard.press('Escape');
  await expect(studio.node('Words')).toBeVisible();
  await studio.trainButton().click();
  await page.getByRole('button', { name: 'Show node' }).click();
  await expect(page.getByRole('navigation', { name: 'Way to this block' })).toContainText('Words');
  await expect(studio.node('Embedding')).toBeFocused();
  await expect(page.locator('.react-flow__node.selected')).toContainText('Embedding');
});
