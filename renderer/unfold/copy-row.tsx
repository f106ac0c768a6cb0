import { memo, useEffect, useMemo, useRef } from 'react';
import type { NumberScale } from '../insight/colour-scale.ts';
import { at, type Matrix, rowOf, shrunkRow } from '../insight/matrix.ts';
import { pixelsOf } from '../insight/pixels.ts';
import { useColourTables } from '../insight/scale-colours.ts';
import { shown } from '../insight/step-equations.ts';
import type { Place } from '../insight/store.ts';
import { stripScale } from '../insight/strip-scale.ts';
import { useValues } from '../insight/use-values.ts';
import { type Columns, copyMiddle, copySize, type RowLayout } from './unfold-layout.ts';
import type { UnrolledRow } from './unrolled.ts';

/** A state over all steps, and the scale that all copies draw it in. */
interface State {
  readonly name: string;
  readonly matrix: Matrix;
  readonly scale: NumberScale;
}

const none: readonly State[] = [];

/** The states after each step, in the colours of the strips. */
function useStates(trace: string | null, place: Place | null, names: readonly string[]): readonly State[] {
  const primed = useMemo(() => names.map((name) => `${name}'`), [names]);
  const values = useValues(trace, place, primed);
  return useMemo(() => {
    if (!values) return none;
    return primed.flatMap((name, i): State[] => {
      const matrix = values.matrices.get(name);
      return matrix ? [{ name: names[i] ?? name, matrix, scale: stripScale(matrix) }] : [];
    });
  }, [values, primed, names]);
}

export interface CopyRowProps {
  readonly row: UnrolledRow;
  readonly place: RowLayout;
  /** Number of the row, from the lowest. */
  readonly number: number;
  readonly columns: Columns;
  readonly trace: string | null;
  readonly states: readonly string[];
  readonly first: number;
  readonly end: number;
  /** The copy under the cursor; `null` where it has none there. */
  readonly lit: number | null;
  /** The copy that Tab stops at; `null`: none of this row. */
  readonly stop: number | null;
  /** Where the card was that the copies come out of, px from the diagram's left. */
  readonly origin: number;
  readonly title: string;
}

/** The copies of a cell in one layer and direction, one for each step in view. */
export function CopyRow({ row, place, number, columns, trace, states, first, end, lit, stop, origin, title }: CopyRowProps) {
  const held = useStates(trace, row.traced?.place ?? null, states);
  const drawn = new Set(Array.from({ length: end - first }, (_, i) => first + i));
  // What has, or may get, the focus is there wherever it is.
  for (const copy of [lit, stop]) if (copy !== null && copy < place.copies) drawn.add(copy);
  return [...drawn].map((copy) => (
    <Copy
      key={copy}
      copy={copy}
      row={number}
      left={copyMiddle(place, copy, columns) - copySize.width / 2}
      top={place.top}
      origin={origin}
      held={held}
      lit={copy === lit}
      reachable={copy === stop}
      padded={row.traced?.recurrence.steps[copy]?.padded === true}
      live={row.traced !== null}
      label={`${title}, ${copyWords(row.names[copy] ?? '', copy, place.copies)}`}
    />
  ));
}

const copyWords = (name: string, copy: number, copies: number): string =>
  name === String(copy + 1) ? `step ${name} of ${copies}` : `step ${copy + 1} of ${copies}, “${name}”`;

interface CopyProps {
  readonly copy: number;
  readonly row: number;
  readonly left: number;
  readonly top: number;
  readonly origin: number;
  readonly held: readonly State[];
  readonly lit: boolean;
  readonly reachable: boolean;
  readonly padded: boolean;
  /** Whether there is a step to go to. */
  readonly live: boolean;
  readonly label: string;
}

/** A copy of the cell, with what it knows after its step. Clicks and keys are its diagram's. */
const Copy = memo(function Copy({ copy, row, left, top, origin, held, lit, reachable, padded, live, label }: CopyProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const tables = useColourTables();
  useEffect(() => {
    const area = canvas.current;
    const ctx = area?.getContext('2d');
    if (!area || !ctx || held.length === 0) return;
    area.width = held.length;
    area.height = Math.min(copySize.height, Math.max(...held.map(({ matrix }) => matrix.columns)));
    const order = Array.from({ length: area.height }, (_, unit) => unit);
    // Of its own step alone: a picture of all steps takes longer than a frame where they are many.
    for (const [column, { matrix, scale }] of held.entries()) {
      const pixels = pixelsOf(shrunkRow(matrix, copy, area.height), order, scale, tables[scale.kind]);
      if (pixels) ctx.putImageData(pixels, column, 0);
    }
  }, [held, copy, tables]);
  const style = { left, top, ...copySize, '--from': `${origin - left}px` };
  if (!live) return <span className="unfold-copy" style={style} role="img" aria-label={label} />;
  const lengths = held.map(({ name, matrix }) => `‖${name}‖ ${shown(lengthOf(matrix, copy))}`).join(', ');
  return (
    <button
      type="button"
      className="unfold-copy"
      style={style}
      data-copy={copy}
      data-row={row}
      data-lit={lit}
      data-padded={padded}
      aria-label={[label, lengths, padded && 'padded'].filter(Boolean).join(', ')}
      aria-current={lit ? 'step' : undefined}
      title={[label, lengths, padded && 'padded: no layer looks at it'].filter(Boolean).join(' · ')}
      tabIndex={reachable ? 0 : -1}
    >
      <canvas ref={canvas} aria-hidden />
    </button>
  );
});

function lengthOf(matrix: Matrix, row: number): number {
  let sum = 0;
  for (let unit = 0; unit < rowOf(matrix, row).length; unit++) sum += at(matrix, row, unit) ** 2;
  return Math.sqrt(sum);
}
