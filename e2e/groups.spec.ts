import type { Locator } from '@playwright/test';
import { accessibleInBothThemes } from './accessible.ts';
import { expect, test } from './fixtures.ts';
import { Studio } from './studio.ts';

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
