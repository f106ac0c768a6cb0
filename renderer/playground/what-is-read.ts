import type { DataBinding } from '../../engine/document/data-binding.ts';
import type { UnrollDocument } from '../../engine/document/schema.ts';

/** What a run's graph reads, and a person can give it: files such as pictures, rows of numbers, or text. */
export function whatIsRead({ nodes }: Pick<UnrollDocument, 'nodes'>, binding: DataBinding): 'files' | 'numbers' | 'text' {
  const has = (kind: string): boolean => nodes.some((node) => node.kind === kind);
  if (binding.media.kind !== 'none' || has('image-input') || has('frames-input')) return 'files';
  return binding.task === 'forecasting' || has('series-input') ? 'numbers' : 'text';
}
