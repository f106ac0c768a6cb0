import { expect, type Locator, type Page } from '@playwright/test';

/** What a person does in the window, by the names that the window shows. */
export class Studio {
  readonly page: Page;
  /** What is shown of a run: its head and its body. */
  readonly training: Locator;

  constructor(page: Page) {
    this.page = page;
    this.training = page.getByRole('region', { name: /^Training/ });
  }

  node(title: string): Locator {
    return this.page.locator('.react-flow__node').filter({ hasText: title }).first();
  }

  /** The dot of an input (`target`) or an output (`source`). */
  port(node: Locator, name: string, side: 'source' | 'target'): Locator {
    return node.locator(`.react-flow__handle.${side}[data-handleid="${name}"]`);
  }

  /** Drags layers from the palette onto the canvas: title and place. Each is let go of, so that the next one is not wired to it. */
  async addLayers(layers: readonly (readonly [title: string, x: number, y: number])[]): Promise<void> {
    for (const [title, x, y] of layers) {
      await this.settled();
      await this.page
        .getByRole('button', { name: `Add ${title}`, exact: true })
        .dragTo(this.page.locator('.react-flow__pane'), { targetPosition: { x, y } });
      await expect(this.node(title)).toBeVisible();
      await expect(this.page.locator('.react-flow__node.selected')).toBeFocused();
      await this.page.keyboard.press('Escape');
      await expect(this.page.locator('.react-flow__node.selected')).toHaveCount(0);
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

  async tab(name: 'Design' | 'Data' | 'Runs' | 'Sweep' | 'Playground'): Promise<void> {
    await this.page.getByRole('tab', { name }).click();
  }

  /** An empty canvas in the place of what is there, whose changes are given up. */
  async newDocument(): Promise<void> {
    const unsaved = (await this.page.title()).startsWith('•');
    await this.page.getByRole('button', { name: 'File menu' }).click();
    await this.page.getByRole('menuitem', { name: /New document/ }).click();
    if (unsaved) await this.page.getByRole('dialog').getByRole('button', { name: 'Don’t save' }).click();
    await expect(this.page.locator('.react-flow__node')).toHaveCount(0);
  }

  /** Attaches a file, and waits until it has been read to its end. */
  async attach(path: string): Promise<void> {
    await this.tab('Data');
    await this.page.getByRole('textbox', { name: 'Path of the file' }).fill(path);
    await this.page.getByRole('button', { name: 'Look' }).click();
    await expect(this.page.getByRole('region', { name: 'Report' })).toBeVisible({ timeout: 60_000 });
  }

  /** Writes the run that is shown into a folder, from the title bar's button. */
  async exportTo(folder: string, format: 'PyTorch' | 'ONNX'): Promise<void> {
    await this.page.getByRole('banner').getByRole('button', { name: 'Export', exact: true }).click();
    const dialog = this.page.getByRole('dialog', { name: `Export to ${format}` });
    await this.page.getByRole('dialog').getByRole('radio', { name: format }).click();
    await expect(dialog.getByText(format === 'ONNX' ? 'model.onnx' : 'model.py').first()).toBeVisible();
    await dialog.getByRole('textbox', { name: 'Folder' }).fill(folder);
    await dialog.getByRole('button', { name: 'Export', exact: true }).click();
    await expect(this.page.getByRole('dialog', { name: 'Exported' })).toBeVisible({ timeout: 60_000 });
    await this.page.getByRole('button', { name: 'Done' }).click();
  }

  /** Runs a command by its name from the command palette, with keys alone. */
  async command(name: string): Promise<void> {
    await this.page.keyboard.press('Control+k');
    await this.page.getByRole('combobox', { name: 'Commands' }).waitFor();
    await this.page.keyboard.type(name);
    await expect(this.page.getByRole('option', { name, exact: false }).first()).toBeVisible();
    await this.page.keyboard.press('Enter');
  }

  /** Opens a template, and waits until it is there: the gallery goes before the engine has answered. */
  async openTemplate(title: RegExp): Promise<void> {
    const opened = await this.everSaid(/ opened\.\s*$/);
    await this.page.getByRole('button', { name: 'File menu' }).click();
    await this.page.getByRole('menuitem', { name: /New from template/ }).click();
    await this.page.getByRole('button', { name: title }).click();
    await opened();
  }

  /** Opens a document by its path, and waits until it is there: the dialog goes before the file has been read. */
  async open(path: string): Promise<void> {
    const opened = await this.everSaid(/ opened\.\s*$/);
    await this.chooseToOpen(path);
    await opened();
  }

  /** Chooses the path of a document in the dialog that opens one. */
  async chooseToOpen(path: string): Promise<void> {
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

  /** Starts a run with the button, and waits until it is at work, or was: a short one may have ended before anyone could look. */
  async train(): Promise<void> {
    await this.trainButton().click();
    await this.atWork();
  }

  /** Waits until a run is shown. */
  async atWork(): Promise<void> {
    await this.training.getByRole('progressbar', { name: /^Progress of/ }).waitFor({ timeout: 150_000 });
  }

  /** Waits until the run that is shown has come to its end. */
  async trained(): Promise<void> {
    await expect(this.trainButton()).toBeEnabled({ timeout: 150_000 });
    await expect(this.page.getByRole('banner').getByRole('button', { name: /^Pause/ })).toHaveCount(0, { timeout: 150_000 });
  }

  /** Watches what is said to assistive technology from now on. The function that it gives waits until words like these have been. */
  async everSaid(words: RegExp): Promise<() => Promise<void>> {
    const said = await this.page.locator('.app > [role="status"]').evaluateHandle((voice) => {
      const all: string[] = [];
      new MutationObserver(() => all.push(voice.textContent ?? '')).observe(voice, {
        subtree: true,
        childList: true,
        characterData: true,
      });
      return all;
    });
    const heard = async (): Promise<boolean> => (await said.jsonValue()).some((one) => words.test(one));
    return () => expect.poll(heard, { message: `${words} is said`, timeout: 60_000 }).toBe(true);
  }

  /**
   * Watches for a text from now on. The function that it gives waits until the text has been shown at some time, however shortly.
   */
  async everShown(text: string): Promise<() => Promise<void>> {
    const seen = await this.page.evaluateHandle((wanted) => {
      const found = { at: -1 };
      const look = (): void => {
        if (found.at < 0 && document.body.textContent?.includes(wanted)) found.at = performance.now();
      };
      new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
      look();
      return found;
    }, text);
    const shown = { message: `“${text}” is shown`, timeout: 60_000 };
    return () => expect.poll(() => seen.evaluate(({ at }) => at), shown).toBeGreaterThanOrEqual(0);
  }

  /** How many epochs of the run that is shown are over. */
  async epochsDone(): Promise<number> {
    const line = await this.training.locator('.training__line').innerText();
    const [, begun = '0', of = ''] = /epoch (\d+) of (\d+)/.exec(line) ?? [];
    return /^done/.test(line) && begun === of ? Number(begun) : Number(begun) - 1;
  }

  /** Waits until so many epochs are over; looked at often, so that the test goes on while the run is far from its end. */
  async epochsOver(count: number): Promise<void> {
    await expect.poll(() => this.epochsDone(), { intervals: [50], timeout: 120_000 }).toBeGreaterThanOrEqual(count);
  }
}
