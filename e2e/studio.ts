import { expect, type Locator, type Page } from '@playwright/test';

/** What a person does in the window, by the names that the window shows. */
export class Studio {
  readonly page: Page;
  readonly training: Locator;

  constructor(page: Page) {
    this.page = page;
    this.training = page.getByRole('region', { name: 'Training' });
  }

  node(title: string): Locator {
    return this.page.locator('.react-flow__node').filter({ hasText: title }).first();
  }

  /** The dot of an input (`target`) or an output (`source`). */
  port(node: Locator, name: string, side: 'source' | 'target'): Locator {
    return node.locator(`.react-flow__handle.${side}[data-handleid="${name}"]`);
  }

  /** Drags layers from the palette onto the canvas: title and place. */
  async addLayers(layers: readonly (readonly [title: string, x: number, y: number])[]): Promise<void> {
    for (const [title, x, y] of layers) {
      await this.page
        .getByRole('button', { name: `Add ${title}`, exact: true })
        .dragTo(this.page.locator('.react-flow__pane'), { targetPosition: { x, y } });
      await expect(this.node(title)).toBeVisible();
    }
  }

  /** Waits until the canvas stands still: a zoom or a fit is a short movement, and a port is a small thing to hit. */
  async settled(): Promise<void> {
    const viewport = this.page.locator('.react-flow__viewport');
    let before: string | null = null;
    await expect
      .poll(
        async () => {
          const now = await viewport.getAttribute('style');
          const still = now === before;
          before = now;
          return still;
        },
        { intervals: [300] },
      )
      .toBe(true);
  }

  /** Draws a wire from an output to an input. */
  async wire(from: Locator, output: string, to: Locator, input: string): Promise<void> {
    await this.settled();
    await this.port(from, output, 'source').hover();
    await this.page.mouse.down();
    await this.port(to, input, 'target').hover();
    await this.page.mouse.up();
  }

  async tab(name: 'Design' | 'Data' | 'Runs' | 'Playground'): Promise<void> {
    await this.page.getByRole('tab', { name }).click();
  }

  async openTemplate(title: RegExp): Promise<void> {
    await this.page.getByRole('button', { name: 'File menu' }).click();
    await this.page.getByRole('menuitem', { name: /New from template/ }).click();
    await this.page.getByRole('button', { name: title }).click();
    await this.page.getByRole('dialog').waitFor({ state: 'hidden' });
  }

  /** Opens a document by its path. */
  async open(path: string): Promise<void> {
    await this.page.keyboard.press('Control+o');
    await this.page.getByRole('dialog').getByRole('textbox', { name: 'File name or path' }).fill(path);
    await this.page.keyboard.press('Enter');
    await this.page.getByRole('dialog').waitFor({ state: 'hidden' });
  }

  /** One pass over a part of the data: enough to see it learn. */
  async shorten(epochs: number, examples: number): Promise<void> {
    await this.page.locator('.react-flow__pane').click({ position: { x: 30, y: 60 } });
    await this.page.getByRole('textbox', { name: 'Epochs' }).fill(String(epochs));
    await this.page.getByRole('textbox', { name: 'Epochs' }).press('Enter');
    await this.tab('Data');
    await this.page.getByRole('textbox', { name: 'Use at most' }).fill(String(examples));
    await this.page.getByRole('textbox', { name: 'Use at most' }).press('Enter');
    await this.tab('Design');
  }

  /** Types into the training panel's own box. */
  async tryIt(text: string): Promise<void> {
    await this.training.getByRole('region', { name: 'Try it', exact: true }).getByRole('textbox').fill(text);
  }

  trainButton(): Locator {
    return this.page.getByRole('banner').getByRole('button', { name: /^Train/ });
  }

  /** Waits until the run that is shown has come to its end. */
  async trained(): Promise<void> {
    await expect(this.trainButton()).toBeEnabled({ timeout: 150_000 });
    await expect(this.page.getByRole('banner').getByRole('button', { name: /^Pause/ })).toHaveCount(0, { timeout: 150_000 });
  }
}
