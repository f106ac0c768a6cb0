import { useMemo } from 'react';
import { CurveChart } from '../training/curve-chart.tsx';
import { runColor } from '../training/run-colors.ts';

interface SeriesPreviewProps {
  readonly rows: readonly (readonly number[])[];
  readonly names: readonly string[];
  /** Predicted next values, drawn `ahead` steps after the last row; `null` while there is no answer. */
  readonly predicted: { readonly values: readonly number[]; readonly names: readonly string[]; readonly ahead: number } | null;
}

/** The series as it was given, and the forecast after its end. */
export function SeriesPreview({ rows, names, predicted }: SeriesPreviewProps) {
  const lines = useMemo(() => {
    const x = rows.map((_, i) => i + 1);
    const width = Math.min(rows[0]?.length ?? 0, 5);
    const given = Array.from({ length: width }, (_, column) => ({
      label: names[column] ?? `column ${column + 1}`,
      color: runColor(column + 1).color,
      x,
      y: rows.map((row) => row[column] ?? 0),
    }));
    const last = rows.at(-1);
    const forecasts = (predicted?.values ?? []).map((value, i) => {
      const name = predicted?.names[i] ?? '';
      const column = Math.max(0, names.indexOf(name));
      return {
        label: `${name || 'value'} predicted`,
        color: '--warn',
        dashed: true,
        x: [rows.length, rows.length + (predicted?.ahead ?? 1)],
        y: [last?.[column] ?? value, value],
      };
    });
    return [...given, ...forecasts];
  }, [rows, names, predicted]);
  return (
    <CurveChart title="The series and its forecast" lines={lines} smoothing={0} logarithmic={false} axis="step" unit="value" />
  );
}
