import { join } from 'node:path';
import { UserError } from '../../engine/protocol/envelope.ts';
import type { Task } from '../cases.ts';
import { openPage } from '../peer-browser.ts';
import { browserTime } from './browser-time.ts';
import type { HealthSteps } from './compare.tf.ts';
import type { HealthPage } from './page.tf.ts';

interface OpenedHealth {
  readonly description: string;
  compare(task: Task, milliseconds: number): Promise<HealthSteps>;
  close(): Promise<void>;
}

/** @throws UserError `backend-unavailable` where there is no Chromium, or no WebGPU in it */
export async function openHealthPage(): Promise<OpenedHealth> {
  const opened = await openPage(join(import.meta.dirname, 'page.tf.ts'));
  if ('reason' in opened) throw unavailable(opened.reason);
  const { page, close } = opened;
  await page.exposeFunction('processorTime', await browserTime(page));
  const { description, reason } = await page.evaluate(() => (globalThis as typeof globalThis & HealthPage).startHealth());
  if (reason !== null) {
    await close();
    throw unavailable(reason);
  }
  return {
    description,
    compare: (task, milliseconds) =>
      page.evaluate(([one, time]) => (globalThis as typeof globalThis & HealthPage).compareHealth(one, time), [
        task,
        milliseconds,
      ] as const),
    close,
  };
}

const unavailable = (reason: string): UserError =>
  new UserError({ code: 'backend-unavailable', message: reason, hint: 'Measure another device.' });
