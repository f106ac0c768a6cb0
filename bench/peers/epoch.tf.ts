import { MemorySink } from '../../engine/training/memory-sink.test-support.ts';
import { TrainingSession } from '../../engine/training/session.tf.ts';
import { epochProblem } from '../epoch-problem.ts';
import type { Trainer } from './trainer.ts';

/** Whole epochs of a template through the session that `unroll train` runs: batches, steps, logged figures; not the validation. */
export async function epochTrainer(template: string): Promise<Trainer> {
  const { plan, data, settings } = await epochProblem(template);
  return {
    async step() {
      const sink = new MemorySink();
      const session = new TrainingSession({ plan, data, settings, sink });
      try {
        await session.run();
      } finally {
        session.dispose();
      }
      const lines = sink.events.filter(({ split }) => split === 'train');
      let before = 0;
      let loss = 0;
      for (const { step, values } of lines) {
        loss += (values['loss'] ?? Number.NaN) * (step - before);
        before = step;
      }
      return { loss: loss / before, ms: (lines.at(-1)?.seconds ?? Number.NaN) * 1000 };
    },
    dispose: () => undefined,
  };
}
