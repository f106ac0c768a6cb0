import { join } from 'node:path';
import { everyCell } from '../../engine/cells/every-cell.test-support.ts';
import { openPage } from '../peer-browser.ts';
import type { StepsPage } from './steps-page.tf.ts';

const [hidden, inputs] = [128, 64];

/**
 * Counts what a step of each cell costs on WebGPU, of the library and of every built-in form given by its equations, and says it as a table;
 * returns why it could not.
 */
export async function countSteps(only: RegExp, say: (line: string) => void): Promise<readonly string[]> {
  const opened = await openPage(join(import.meta.dirname, 'steps-page.tf.ts'));
  if ('reason' in opened) return [`webgpu: ${opened.reason}`];
  const { page, close } = opened;
  try {
    const reason = await page.evaluate(() => (globalThis as typeof globalThis & StepsPage).startSteps());
    if (reason !== null) return [`webgpu: ${reason}`];
    say(
      `| a step of H ${hidden}, E ${inputs} | shaders forwards | back | kept a row, bytes | composed: forwards | back | kept |`,
    );
    say('| --- | --- | --- | --- | --- | --- | --- |');
    for (const [title, equations] of everyCell(hidden)) {
      if (!only.test(title)) continue;
      const { own, composed } = await page.evaluate(
        ([text, h, i]) => (globalThis as typeof globalThis & StepsPage).countSteps(text, h, i),
        [equations, hidden, inputs] as const,
      );
      const columns = [own, composed].flatMap(({ forward, backward, kept }) => [forward, backward, kept]);
      say(`| ${title} | ${columns.map((count) => count.toLocaleString('en')).join(' | ')} |`);
    }
    return [];
  } finally {
    await close();
  }
}
