import { memo, useEffect, useMemo, useRef } from 'react';
import { type Matrix, rowOf } from '../insight/matrix.ts';
import { pixelsOf, putOn } from '../insight/pixels.ts';
import { useColourTables } from '../insight/scale-colours.ts';
import { type Columns, copiesInView } from './unfold-layout.ts';

interface AttentionStripsProps {
  /** How much each step looks at each step of the memory `[U, T]`. */
  readonly attention: Matrix;
  /** What the memory's steps are called. */
  readonly memory: readonly string[];
  readonly names: readonly string[];
  readonly top: number;
  readonly columns: Columns;
  readonly view: { readonly left: number; readonly width: number };
}

/** Below each copy of a decoder's cell, where it looks: the memory from left to right, the stronger the colour the more. */
export function AttentionStrips({ attention, memory, names, top, columns, view }: AttentionStripsProps) {
  const { first, end } = copiesInView({ span: 1, copies: attention.rows }, columns, view.left, view.width);
  return Array.from({ length: end - first }, (_, i) => {
    const step = first + i;
    return (
      <Strip
        key={step}
        attention={attention}
        step={step}
        words={lookWords(names[step] ?? '', rowOf(attention, step), memory)}
        left={step * columns.pitch + 5}
        top={top}
        width={columns.pitch - 10}
      />
    );
  });
}

/** Where a step looks most. */
export function lookWords(name: string, weights: Float32Array, memory: readonly string[]): string {
  const most = weights.reduce((best, weight, place) => (weight > (weights[best] ?? 0) ? place : best), 0);
  const share = (100 * (weights[most] ?? 0)).toFixed(0);
  return `At “${name}” it looks most at “${memory[most] ?? most + 1}” (step ${most + 1}), ${share} %`;
}

interface StripProps {
  readonly attention: Matrix;
  readonly step: number;
  readonly words: string;
  readonly left: number;
  readonly top: number;
  readonly width: number;
}

const Strip = memo(function Strip({ attention, step, words, left, top, width }: StripProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const tables = useColourTables();
  const pixels = useMemo(() => {
    const lying = { rows: attention.columns, columns: 1, data: rowOf(attention, step) };
    return pixelsOf(lying, [0], { kind: 'share', extent: 1 }, tables.share);
  }, [attention, step, tables]);
  useEffect(() => {
    if (canvas.current && pixels) putOn(canvas.current, pixels);
  }, [pixels]);
  return (
    <canvas ref={canvas} className="unfold-looks" style={{ left, top, width }} role="img" aria-label={words} title={words} />
  );
});
