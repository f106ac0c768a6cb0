interface Row {
  readonly layer: number;
  readonly direction: string;
}

/** Which of a node's rows: its layer and direction, where there are several. */
export function rowWords({ layer, direction }: Row, rows: readonly Row[]): readonly string[] {
  const several = new Set(rows.map((one) => one.layer)).size > 1;
  const both = new Set(rows.map((one) => one.direction)).size > 1;
  return [...(several ? [`layer ${layer + 1}`] : []), ...(both || direction === 'backward' ? [direction] : [])];
}
