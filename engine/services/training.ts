import type { EngineContext, Service } from './context.ts';
import { notReady } from './not-ready.ts';

export function trainingService(_context: EngineContext): Service<'training' | 'runs'> {
  return {
    'training.start': notReady,
    'training.pause': notReady,
    'training.resume': notReady,
    'training.stop': notReady,
    'runs.list': async () => ({ runs: [] }),
    'runs.get': notReady,
    'runs.metrics': notReady,
    'runs.rename': notReady,
    'runs.delete': notReady,
    'runs.evaluate': notReady,
  };
}
