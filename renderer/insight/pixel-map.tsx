import { useMemo, useState } from 'react';
import type { Numbers } from '../../engine/protocol/inspect.ts';
import type { NumberScale } from './colour-scale.ts';
import { HeatMap } from './heat-map.tsx';
import { largest, matrixOf, turned } from './matrix.ts';
import { ScaleLegend } from './scale-legend.tsx';

const nothing = (): void => undefined;

/** Numbers of a picture's pixels `[h, w]`, where they are. */
export function PixelMap({ label, pixels }: { readonly label: string; readonly pixels: Numbers }) {
  const [at, setAt] = useState<{ readonly x: number; readonly y: number | null } | null>(null);
  const matrix = useMemo(() => turned(matrixOf(pixels)), [pixels]);
  const scale = useMemo((): NumberScale => ({ kind: 'signed', extent: largest(matrix) || 1 }), [matrix]);
  const [columns, rows] = useMemo(() => [count(matrix.rows), count(matrix.columns)], [matrix]);
  const names = useMemo(() => columns.map((x) => String(x + 1)), [columns]);
  return (
    <>
      <ScaleLegend scale={scale} />
      <HeatMap
        label={`${label}, rows × columns`}
        matrix={matrix}
        order={rows}
        scale={scale}
        names={names}
        rowName={(row) => `Row ${row + 1}`}
        rowLabel={(row) => String(row + 1)}
        quantity="this pixel"
        cursor={at?.x ?? null}
        unit={at?.y ?? null}
        hint="Point at a pixel to read its number."
        range={null}
        onCursor={(x) => setAt((before) => ({ x, y: before?.y ?? 0 }))}
        onPin={(y) => setAt((before) => ({ x: before?.x ?? 0, y }))}
        onRange={nothing}
      />
    </>
  );
}

const count = (size: number): number[] => Array.from({ length: size }, (_, place) => place);
