import type { RunManager } from '../training/run-manager.ts';
import type { Service } from './context.ts';
import { notReady } from './not-ready.ts';

export function predictService(_runs: RunManager): Service<'predict'> {
  return { 'predict.text': notReady, 'predict.series': notReady };
}
