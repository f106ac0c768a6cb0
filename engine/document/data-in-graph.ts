import type { DataBinding } from './data-binding.ts';
import type { UnrollDocument } from './schema.ts';

const resolved = new WeakMap<DataBinding, DataBinding>();

/**
 * The document's data as its graph reads it: where the reader leaves open what lists of whole numbers are, they are token ids for a
 * graph that takes tokens. The same object for the same data.
 */
export function dataInGraph({ data, nodes }: Pick<UnrollDocument, 'data' | 'nodes'>): DataBinding | null {
  if (data?.source.kind !== 'file' || data.source.reader.lists !== null) return data;
  const has = (kind: string): boolean => nodes.some((node) => node.kind === kind);
  if (!has('token-input') || has('series-input')) return data;
  const known = resolved.get(data);
  if (known) return known;
  const made: DataBinding = { ...data, source: { ...data.source, reader: { ...data.source.reader, lists: 'tokens' } } };
  resolved.set(data, made);
  return made;
}
