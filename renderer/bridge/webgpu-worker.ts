import type { DeviceInfo } from '../../engine/protocol/app.ts';
import { type MethodName, type MethodParams, methods } from '../../engine/protocol/contract.ts';
import type { Failure } from '../../engine/protocol/envelope.ts';
import { findAdapter, unusableWebGpu } from '../../engine/protocol/graphics-adapter.ts';
import type { FromWorker, ToWorker } from '../../engine/protocol/worker-messages.ts';
import { type EngineClient, EngineError } from './engine-client.ts';

/**
 * Lends this window's WebGPU to the engine. The worker starts WebGPU and checks it, the engine hears of the device, and from
 * then on offers it runs; whoever starts, pauses or stops a run talks to the engine as for any other device. Where there is no graphics
 * adapter no worker is started, whose program is larger than the window's own.
 */
class WebGpuLender {
  readonly #client: EngineClient;
  #worker: Worker | null = null;
  #device: DeviceInfo | null = null;
  /** The job that is trained here now. */
  #job: string | null = null;

  constructor(client: EngineClient) {
    this.#client = client;
    client.on('worker.start', ({ job }) => void this.#claim(job));
    client.on('worker.command', ({ job, command }) => {
      if (job === this.#job) this.#post({ kind: 'command', command });
    });
    // Without it the engine would wait for signs of life before it tells that the run stopped.
    globalThis.addEventListener('pagehide', () => this.#giveUp('The window that trained this run was closed.'));
    void this.#start();
  }

  async #start(): Promise<void> {
    const adapter = await findAdapter();
    if ('reason' in adapter) {
      this.#device = unusableWebGpu(adapter.reason);
      this.report();
      return;
    }
    this.#worker = new Worker(new URL('../../engine/worker/main.tf.ts', import.meta.url), { type: 'module', name: 'webgpu' });
    this.#worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.#receive(data);
    // A script that could not be loaded has no message.
    this.#worker.onerror = (event) => this.#lost(event.message || 'its program could not be loaded. Reload the window.');
    this.#post({ kind: 'probe' });
  }

  /** Tells of the device, and takes what was offered. Again after each connection: a new engine process does not know it. */
  report(): void {
    if (this.#device !== null) void this.#client.call('worker.ready', { device: this.#device }).catch(() => undefined);
  }

  #post(message: ToWorker): void {
    this.#worker?.postMessage(message);
  }

  #receive(message: FromWorker): void {
    switch (message.kind) {
      case 'device':
        this.#device = message.device;
        this.report();
        return;
      case 'call':
        void this.#pass(message.id, message.method, message.params);
        return;
      case 'ended':
        this.#job = null;
        // The engine heard of the end first, and may have offered the next run since.
        this.report();
        return;
    }
  }

  async #claim(job: string): Promise<void> {
    if (this.#job !== null || this.#device?.available !== true) return;
    this.#job = job;
    const { bytes } = await this.#client.call('worker.claim', { job }).catch(() => ({ bytes: null }));
    if (bytes === null) this.#job = null;
    else this.#post({ kind: 'train', job, bytes });
  }

  async #pass(id: number, method: string, params: unknown): Promise<void> {
    try {
      if (!isWorkerMethod(method)) throw new Error(`the worker may not call ${method}`);
      this.#post({ kind: 'answer', id, result: await this.#client.call(method, params as MethodParams<WorkerMethod>) });
    } catch (error) {
      this.#post({ kind: 'refusal', id, failure: failureOf(error) });
    }
  }

  #giveUp(message: string): void {
    if (this.#job === null) return;
    const failure: Failure = { code: 'window-closed', message, hint: 'Resume the run: it goes on from its last checkpoint.' };
    void this.#client.call('worker.end', { job: this.#job, end: { kind: 'failed', failure } }).catch(() => undefined);
    this.#job = null;
  }

  #lost(message: string): void {
    const reason = `The WebGPU worker ended: ${message}`;
    this.#giveUp(reason);
    this.#device = unusableWebGpu(reason);
    this.report();
  }
}

type WorkerMethod = Extract<MethodName, `worker.${string}`>;
const isWorkerMethod = (name: string): name is WorkerMethod => name.startsWith('worker.') && Object.hasOwn(methods, name);

function failureOf(error: unknown): Failure {
  if (error instanceof EngineError) return error.failure;
  return { code: 'unexpected', message: error instanceof Error ? error.message : String(error) };
}

let lender: WebGpuLender | null = null;

/** Called after each connection to the engine. Does nothing in a window without WebGPU. */
export function lendWebGpu(client: EngineClient): void {
  if (!('gpu' in navigator)) return;
  if (lender === null) lender = new WebGpuLender(client);
  else lender.report();
}
