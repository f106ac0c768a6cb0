import type { EngineContext, Service } from './context.ts';
import { notReady } from './not-ready.ts';

export function exportService(_context: EngineContext): Service<'export'> {
  return { 'export.pytorch': notReady, 'export.preview': notReady };
}
