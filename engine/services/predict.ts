import type { EngineContext, Service } from './context.ts';
import { notReady } from './not-ready.ts';

export function predictService(_context: EngineContext): Service<'predict'> {
  return { 'predict.text': notReady, 'predict.series': notReady };
}
