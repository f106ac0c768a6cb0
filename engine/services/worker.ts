import { decodeSafetensors } from '../files/safetensors.ts';
import { fromBase64, toBase64 } from '../protocol/base64.ts';
import { UserError } from '../protocol/envelope.ts';
import { chunkBytes } from '../protocol/worker.ts';
import { windowWorkers } from '../worker/window-workers.ts';
import type { EngineContext, Service } from './context.ts';

/** The engine's side of training in a window's Web Worker: hands out the job, and gives what comes back to the run's sink. */
export function workerService({ emit }: Pick<EngineContext, 'emit'>): Service<'worker'> {
  windowWorkers.connect(emit);
  const session = (job: string): ReturnType<typeof windowWorkers.session> => {
    const found = windowWorkers.session(job);
    found.alive();
    return found;
  };
  return {
    'worker.ready': async ({ device }) => {
      windowWorkers.report(device);
      return {};
    },
    'worker.claim': async ({ job }) => ({ bytes: windowWorkers.find(job)?.claim() ?? null }),
    'worker.read': async ({ job, offset }) => ({ data: toBase64(session(job).read(offset, chunkBytes)) }),
    'worker.write': async ({ job, upload, data }) => {
      session(job).write(upload, fromBase64(data));
      return {};
    },
    'worker.metrics': async ({ job, event }) => {
      await session(job).sink.metrics(event);
      return {};
    },
    'worker.progress': async ({ job, progress }) => {
      session(job).sink.progress(progress);
      return {};
    },
    'worker.evaluation': async ({ job, evaluation }) => {
      await session(job).sink.evaluation(evaluation);
      return {};
    },
    'worker.checkpoint': async ({ job, upload, state }) => {
      const { sink } = session(job);
      await sink.checkpoint({ state, tensors: decodeSafetensors(session(job).take(upload)).tensors });
      return {};
    },
    'worker.best': async ({ job, upload, evaluation, step }) => {
      const { sink } = session(job);
      await sink.best(decodeSafetensors(session(job).take(upload)).tensors, evaluation, step);
      return {};
    },
    'worker.note': async ({ job, text }) => {
      await session(job).sink.note(text);
      return {};
    },
    'worker.weights': async ({ job, live }) => {
      const asked = session(job);
      asked.handOver(live && { step: live.step, weights: decodeSafetensors(asked.take(live.upload)).tensors });
      return {};
    },
    'worker.end': async ({ job, end }) => {
      windowWorkers.find(job)?.end(end.kind === 'ended' ? end.how : new UserError(end.failure));
      return {};
    },
    'worker.alive': async ({ job }) => {
      session(job);
      return {};
    },
  };
}
