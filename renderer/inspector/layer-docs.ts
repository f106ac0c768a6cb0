const texts = import.meta.glob<string>('../../engine/layers/*/docs.md', { query: '?raw', import: 'default', eager: true });

/** A layer kind's own page: what it computes, with its equations. `null` where there is none. */
export function layerDocs(kind: string): string | null {
  return texts[`../../engine/layers/${kind}/docs.md`] ?? null;
}
