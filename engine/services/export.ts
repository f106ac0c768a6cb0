import type { RunManager } from '../training/run-manager.ts';
import type { Service } from './context.ts';
import { notReady } from './not-ready.ts';

export function exportService(_runs: RunManager): Service<'export'> {
  return { 'export.pytorch': notReady, 'export.preview': notReady };
}
