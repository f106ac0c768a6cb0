import { useEffect, useRef } from 'react';
import type { NumberScale } from './colour-scale.ts';
import { putOn } from './pixels.ts';
import { useColourTables } from './scale-colours.ts';
import './scale-legend.css';
import { shortened, shown } from './step-equations.ts';

/** A scale of colours with its numbers. */
export function ScaleLegend({ scale }: { readonly scale: NumberScale }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const table = useColourTables()[scale.kind];
  useEffect(() => {
    const area = canvas.current;
    // Without the last, which is of what is no number.
    const places = table.length / 4 - 1;
    if (!area) return;
    const image = new ImageData(places, 1);
    image.data.set(table.subarray(0, 4 * places));
    putOn(area, image);
  }, [table]);
  const low = scale.kind === 'share' ? 0 : -scale.extent;
  return (
    <span className="scale-legend" role="img" aria-label={`Colours from ${shown(low)} to ${shown(scale.extent)}`}>
      <span aria-hidden>{shortened(low)}</span>
      <canvas ref={canvas} aria-hidden />
      {scale.kind === 'signed' && (
        <span className="scale-legend__zero" aria-hidden>
          0
        </span>
      )}
      <span aria-hidden>{shortened(scale.extent)}</span>
    </span>
  );
}
