import type { UnrollDocument } from '../document/schema.ts';
import { graphSettings } from './settings-list.ts';

/**
 * The same for two documents with the same graph over the same data for the same task: places, labels, comments and training settings do
 * not count, nor how the data is read.
 *
 * @returns 14 hexadecimal digits
 */
export function graphFingerprint(document: Pick<UnrollDocument, 'nodes' | 'edges' | 'blocks' | 'data'>): string {
  const graph = graphSettings(document).map(({ setting, value }) => [setting, value]);
  const { source, task } = document.data ?? { source: null, task: null };
  const data = source?.kind === 'file' ? source.path : source?.name;
  return hash(JSON.stringify([graph.sort(), data ?? null, task]));
}

/** 53 bits of a text (cyrb53 by bryc, public domain): tells apart, protects nothing. The same in the window and in the engine. */
function hash(text: string): string {
  let [high, low] = [0xdeadbeef, 0x41c6ce57];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    high = Math.imul(high ^ code, 2654435761);
    low = Math.imul(low ^ code, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return (4294967296 * (2097151 & low) + (high >>> 0)).toString(16).padStart(14, '0');
}
