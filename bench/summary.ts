import { peerNames } from './peer.ts';
import { against, peerColumns, peerOf, type ResultRow, type Results, titleOf } from './results.ts';

export const backendsOf = (rows: readonly ResultRow[]): ResultRow['backend'][] => [
  ...new Set(rows.map(({ backend }) => backend)),
];

/** A sentence for each backend and peer: geometric mean, and the worst row. */
export function summaryLines({ rows }: Pick<Results, 'rows'>): string[] {
  return backendsOf(rows).flatMap((backend) =>
    peerColumns.flatMap((column) => {
      const found = against(rows, backend, column);
      if (found === null) return [];
      const peer = peerNames[peerOf[column]];
      const worst = `worst ${found.worstRatio.toFixed(2)} ×: ${titleOf(found.worst)}`;
      return [`${backend}: ${found.mean.toFixed(2)} × the speed of ${peer} (geometric mean of ${found.rows} rows; ${worst})`];
    }),
  );
}
