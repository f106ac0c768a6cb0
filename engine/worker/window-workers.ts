import { randomUUID } from 'node:crypto';
import { reportWindowDevice } from '../backends/window-device.ts';
import type { DeviceInfo } from '../protocol/app.ts';
import { UserError } from '../protocol/envelope.ts';
import type { SessionOptions } from '../training/session.tf.ts';
import { type Emit, WindowSession } from './window-session.ts';

/** The windows that can train on WebGPU, and the sessions that they train. One for each engine. */
export class WindowWorkers {
  #emit: Emit = () => undefined;
  readonly #sessions = new Map<string, WindowSession>();

  /** Where events go; set once, when the engine's services start. */
  connect(emit: Emit): void {
    this.#emit = emit;
  }

  /** A window that has just started takes what was offered before it could answer. */
  report(device: DeviceInfo): void {
    reportWindowDevice(device);
    if (device.available) for (const session of this.#sessions.values()) session.offer();
  }

  /** Made instead of a `TrainingSession` when the device is WebGPU. */
  createSession(options: SessionOptions): WindowSession {
    const job = randomUUID();
    const session = new WindowSession(job, options, this.#emit, () => this.#sessions.delete(job));
    this.#sessions.set(job, session);
    return session;
  }

  /** @throws UserError `unknown-job` for a job that has ended or was another engine's. */
  session(job: string): WindowSession {
    const session = this.#sessions.get(job);
    if (session === undefined)
      throw new UserError({ code: 'unknown-job', message: 'This training has ended in the engine.', hint: 'Resume the run.' });
    return session;
  }

  find(job: string): WindowSession | null {
    return this.#sessions.get(job) ?? null;
  }
}

export const windowWorkers = new WindowWorkers();
