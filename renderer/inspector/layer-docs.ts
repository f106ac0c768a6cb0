const texts = import.meta.glob<string>(['../../engine/layers/*/docs.md', '../../engine/cells/*/docs.md'], {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** A layer kind's or a cell's own page: what it computes, with its equations. `null` where there is none. */
export function layerDocs(kind: string): string | null {
  const text = texts[`../../engine/layers/${kind}/docs.md`] ?? texts[`../../engine/cells/${kind.replace('-cell', '')}/docs.md`];
  // The inspector's own heading says the kind already.
  return text?.replace(/^# .*\n/, '') ?? null;
}
