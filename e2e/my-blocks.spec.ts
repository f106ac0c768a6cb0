import type { Locator, Page } from '@playwright/test';
import { accessibleInBothThemes } from './accessible.ts';
import { expect, test } from './fixtures.ts';
import { Studio } from './studio.ts';

const centreOf = async (item: Locator): Promise<{ x: number; y: number }> => {
  const box = await item.boundingBox();
  if (box === null) throw new Error('it is not on the screen');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
};
const wire = (page: Page, from: string, to: string): Locator =>
  page.getByRole('group', { name: `Wire from ${from} to ${to}`, exact: true });

/** The template, with a block “Noise” that takes and gives a sequence, and is placed nowhere. */
async function withNoise(page: Page): Promise<Studio> {
  const studio = new Studio(page);
  await expect(studio.node('Embedding')).toContainText('parameters');
  await studio.node('Embedding').click();
  await studio.command('Add Dropout');
  await studio.node('Dropout').click();
  await page.keyboard.press('Control+g');
  await page.getByRole('textbox', { name: /^Name of Block/ }).fill('Noise');
  await page.keyboard.press('Enter');
  await expect(studio.node('Noise')).toBeFocused();
  await page.keyboard.press('Delete');
  await expect(studio.node('Noise')).toHaveCount(0);
  await page.keyboard.press('f');
  await studio.settled();
  return studio;
}

test('a block is added as a layer is: into a wire, to a port, beside the selection and to the empty canvas', async ({
  window: page,
}) => {
  const studio = await withNoise(page);
  const add = page.getByRole('button', { name: 'Add block Noise', exact: true });
  const noise = page.locator('.react-flow__node-layer').filter({ hasText: 'Noise' });
  const undo = async (): Promise<void> => {
    await page.keyboard.press('Control+z');
    await expect(noise).toHaveCount(0);
    await studio.settled();
  };
  const list = page.getByRole('combobox', { name: 'Layers and blocks' });

  await test.step('dropped on a wire it is put into it', async () => {
    const [from, to] = [
      await centreOf(studio.port(studio.node('Embedding'), 'sequence', 'source')),
      await centreOf(studio.port(studio.node('Bidirectional'), 'sequence', 'target')),
    ];
    const at = await centreOf(add);
    await page.mouse.move(at.x, at.y);
    await page.mouse.down();
    const onWire = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
    await page.mouse.move(onWire.x, onWire.y, { steps: 8 });
    // The browser tells of a drag over the place with the next movement.
    await page.mouse.move(onWire.x + 1, onWire.y);
    await expect(page.locator('.wire[data-drop="true"]')).toBeAttached();
    await page.mouse.up();
    await expect(wire(page, 'Embedding', 'Noise')).toBeAttached();
    await expect(wire(page, 'Noise', 'Bidirectional')).toBeAttached();
    await undo();
    await expect(wire(page, 'Embedding', 'Bidirectional')).toBeAttached();
  });

  await test.step('a port’s wire that ends nowhere offers it, where it fits', async () => {
    const draw = async (port: Locator): Promise<void> => {
      await port.hover();
      await page.mouse.down();
      const pane = await page.locator('.react-flow__pane').boundingBox();
      if (pane === null) throw new Error('the canvas is gone');
      await page.mouse.move(pane.x + pane.width * 0.4, pane.y + pane.height - 60, { steps: 6 });
      await page.mouse.up();
      await expect(list).toBeFocused();
    };
    await draw(studio.port(studio.node('Tokens'), 'tokens', 'source'));
    await page.keyboard.type('noise');
    await expect(page.getByText('Nothing of that name fits.')).toBeVisible();
    await page.keyboard.press('Escape');
    await draw(studio.port(studio.node('Embedding'), 'sequence', 'source'));
    await page.keyboard.type('noi');
    await page.keyboard.press('Enter');
    await expect(wire(page, 'Embedding', 'Noise')).toBeAttached();
    await expect(noise).toBeFocused();
    await undo();
  });

  await test.step('/, its name and Enter wire it to what is selected', async () => {
    await studio.node('Embedding').click();
    await page.keyboard.press('/');
    await page.keyboard.type('noi');
    await page.keyboard.press('Enter');
    await expect(wire(page, 'Embedding', 'Noise')).toBeAttached();
    await expect(noise).toBeFocused();
    await undo();
  });

  await test.step('a selected wire takes it, from its menu too', async () => {
    await wire(page, 'Embedding', 'Bidirectional').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('m');
    await page.keyboard.type('Insert');
    await page.keyboard.press('ArrowRight');
    await page.getByRole('menuitem', { name: 'Noise' }).click();
    await expect(wire(page, 'Embedding', 'Noise')).toBeAttached();
    await undo();
  });

  await test.step('W at a port offers it, and so does the command palette', async () => {
    await studio.port(studio.node('Embedding'), 'sequence', 'source').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.type('noise');
    await page.keyboard.press('Enter');
    await expect(wire(page, 'Embedding', 'Noise')).toBeAttached();
    await undo();
    await page.keyboard.press('Escape');
    await studio.command('Add block Noise');
    await expect(noise).toHaveCount(1);
    await undo();
  });

  await test.step('a double click on the empty canvas adds it there, and inside of itself it is not offered', async () => {
    const pane = await page.locator('.react-flow__pane').boundingBox();
    if (pane === null) throw new Error('the canvas is gone');
    await page.mouse.dblclick(pane.x + pane.width * 0.4, pane.y + pane.height - 60);
    await expect(list).toBeFocused();
    await accessibleInBothThemes(page, 'quick add with a block');
    await page.keyboard.type('noise');
    await page.keyboard.press('Enter');
    await expect(noise).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(studio.node('Dropout')).toBeVisible();
    await studio.settled();
    await page.mouse.dblclick(pane.x + pane.width * 0.4, pane.y + pane.height - 60);
    await page.keyboard.type('noise');
    await expect(page.getByText('Nothing of that name.')).toBeVisible();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Add block Noise', exact: true }).click();
    await expect(page.getByText('Not done: the block “Noise” is placed in itself', { exact: true })).toBeVisible();
  });
});

test('“My blocks” are renamed and deleted in their menus, with undo, those that are kept too', async ({ window: page }) => {
  const studio = await withNoise(page);
  const add = (name: string): Locator => page.getByRole('button', { name: `Add block ${name}`, exact: true });
  const menu = async (name: string, nth: number, item: RegExp): Promise<void> => {
    await page
      .getByRole('button', { name: `Menu of block ${name}` })
      .nth(nth)
      .click();
    await page.getByRole('menuitem', { name: item }).click();
  };
  const rename = async (from: string, nth: number, to: string): Promise<void> => {
    await menu(from, nth, /^Rename/);
    await page.getByRole('textbox', { name: `Name of block ${from}` }).fill(to);
    await page.keyboard.press('Enter');
  };

  await test.step('a renamed block is called so wherever it is placed; undone, not', async () => {
    await add('Noise').click();
    await rename('Noise', 0, 'Static');
    await expect(studio.node('Static')).toBeVisible();
    await expect(add('Noise')).toHaveCount(0);
    await page.keyboard.press('Control+z');
    await expect(studio.node('Noise')).toBeVisible();
    await expect(add('Noise')).toBeVisible();
  });

  await test.step('one that is placed is not deleted, and says so; one that is not is, and comes back by undo', async () => {
    await page.getByRole('button', { name: 'Menu of block Noise' }).click();
    await expect(page.getByRole('menuitem', { name: 'Delete (placed 1 time)' })).toBeDisabled();
    await accessibleInBothThemes(page, 'the menu of a block');
    await page.keyboard.press('Escape');
    await studio.node('Noise').click();
    await page.keyboard.press('Delete');
    await menu('Noise', 0, /^Delete/);
    await expect(add('Noise')).toHaveCount(0);
    await page.keyboard.press('Control+z');
    await expect(add('Noise')).toBeVisible();
  });

  await test.step('kept, it has a name of its own, is deleted, and comes back', async () => {
    await menu('Noise', 0, /^Keep for other documents/);
    await expect(add('Noise, kept')).toBeVisible();
    await rename('Noise', 1, 'Hiss');
    await expect(add('Hiss, kept')).toBeVisible();
    await expect(add('Noise')).toBeVisible();
    await accessibleInBothThemes(page, 'my blocks');
    await menu('Hiss', 0, /^Delete/);
    await expect(add('Hiss, kept')).toHaveCount(0);
    await page.getByRole('button', { name: 'Undo', exact: true }).last().click();
    await expect(add('Hiss, kept')).toBeVisible();
    await page.reload();
    await expect(add('Hiss, kept')).toBeVisible();
  });

  await test.step('dragged from the list it lies where it was dropped, under its name', async () => {
    const pane = await page.locator('.react-flow__pane').boundingBox();
    if (pane === null) throw new Error('the canvas is gone');
    await page.keyboard.press('Escape');
    const drop = { x: pane.width * 0.5, y: pane.height - 70 };
    await add('Hiss, kept').dragTo(page.locator('.react-flow__pane'), { targetPosition: drop });
    const at = await centreOf(studio.node('Hiss'));
    expect(Math.abs(at.x - pane.x - drop.x)).toBeLessThan(100);
    expect(Math.abs(at.y - pane.y - drop.y)).toBeLessThan(60);
  });
});

test('ports of a block are added, named and put in order inside, and its card outside has them so', async ({ window: page }) => {
  const studio = await withNoise(page);
  await page.getByRole('button', { name: 'Add block Noise', exact: true }).click();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Add an input' }).click();
  await page.getByRole('textbox', { name: /^Name of / }).fill('Second voice');
  await page.keyboard.press('Enter');
  const port = page.locator('.card[data-kind="block-input"]').filter({ hasText: 'Second voice' });
  await expect(port).toBeVisible();
  await port.click();
  await expect(page.getByText('Number 2 of 2 on the block’s card, from above.')).toBeVisible();
  await accessibleInBothThemes(page, 'a port of a block');
  await page.getByRole('button', { name: 'Move up' }).click();
  await expect(page.getByText('Number 1 of 2 on the block’s card, from above.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Move up' })).toBeDisabled();
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('First voice');
  await page.locator('.react-flow__pane').click({ position: { x: 20, y: 300 } });
  await page.keyboard.press('Alt+ArrowUp');
  const inputs = studio.node('Noise').locator('.react-flow__handle.target');
  await expect(inputs).toHaveCount(2);
  await inputs.first().hover();
  await expect(page.locator('.port-tip')).toContainText('First voice');
  await page.mouse.move(400, 300);
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Alt+ArrowUp');
  await inputs.last().hover();
  await expect(page.locator('.port-tip')).toContainText('Second voice');
});
