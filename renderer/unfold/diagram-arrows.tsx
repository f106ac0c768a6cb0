import { useMemo } from 'react';
import { givenArrows, rise, rowArrows } from './arrows.ts';
import type { ParameterUse } from './parameter-uses.ts';
import { type Columns, copiesInView, copyMiddle, copySize, type RowLayout, type UnfoldLayout } from './unfold-layout.ts';
import type { Unrolled, UnrolledRow } from './unrolled.ts';

/** What a part of a diagram draws: of the columns, those in view. */
export interface ViewProps {
  readonly unrolled: Unrolled;
  readonly layout: UnfoldLayout;
  /** px of the diagram's content. */
  readonly view: { readonly left: number; readonly width: number };
}

/** Of the last layer: the steps that the node gives, by row. */
function givenBy({ gives }: Unrolled, row: RowLayout, recurrence: UnrolledRow): (copy: number) => boolean {
  if (gives !== 'last') return () => true;
  const steps = recurrence.traced?.recurrence.steps ?? [];
  const real = steps.filter(({ padded }) => !padded).length || row.copies;
  const last = row.direction === 'forward' ? real - 1 : 0;
  return (copy) => copy === last;
}

interface DiagramArrowsProps extends ViewProps {
  readonly lit: ParameterUse | null;
  /** The row whose parameters are listed. */
  readonly chosen: number;
}

/** All arrows of a diagram, with what it gives above them and, at each of its copies, the name of the parameter that is lit. */
export function DiagramArrows({ unrolled, layout, view, lit, chosen }: DiagramArrowsProps) {
  const rows = useMemo(() => {
    const all = unrolled.layers.flatMap(({ rows }) => rows.map((row, number) => ({ row, lower: number > 0 })));
    return layout.rows.map((place, number) => {
      const seen = copiesInView(place, layout, view.left, view.width);
      const { lower = false } = all[number] ?? {};
      return { place, seen, arrows: rowArrows(place, layout, seen, { lower, shortened: unrolled.shortened }) };
    });
  }, [unrolled, layout, view]);
  const given = useMemo(() => {
    const last = unrolled.layers.at(-1)?.rows ?? [];
    const places = layout.rows.slice(-last.length);
    const middles = places.flatMap((place, number) => {
      const row = last[number];
      const { first, end } = copiesInView(place, layout, view.left, view.width);
      const gives = row ? givenBy(unrolled, place, row) : () => false;
      return Array.from({ length: end - first }, (_, i) => first + i)
        .filter(gives)
        .map((copy) => ({ copy, x: copyMiddle(place, copy, layout) }));
    });
    return [...new Map(middles.map((one) => [one.copy, one])).values()];
  }, [unrolled, layout, view]);
  const top = layout.rows.at(-1)?.to ?? 0;
  const [state = 'h'] = unrolled.states;
  return (
    <svg className="unfold-arrows" width={layout.content} height={layout.diagram} aria-hidden>
      {rows.map(({ place, seen, arrows }, number) => (
        <g key={place.top} data-lit={number === chosen ? (lit?.place ?? 'none') : 'none'}>
          <path className="unfold-arrows__input" d={arrows.inputs} />
          <path className="unfold-arrows__output" d={arrows.outputs} />
          <path className="unfold-arrows__state" d={arrows.states} />
          {arrows.leftOut !== '' && <path className="unfold-arrows__state" strokeDasharray="2 4" d={arrows.leftOut} />}
          {number === chosen && lit && <LitNames place={place} seen={seen} columns={layout} lit={lit} />}
        </g>
      ))}
      <path
        className="unfold-arrows__output"
        d={givenArrows(
          top,
          given.map(({ x }) => x),
        )}
      />
      {given.map(({ copy, x }) => (
        <text key={copy} className="unfold-arrows__given" x={x} y={top - rise - 6}>
          {unrolled.says[copy] ?? (
            <>
              {state}
              <tspan dy={3} className="unfold-arrows__below">
                {unrolled.shortened ? unrolled.inputs[copy] : copy + 1}
              </tspan>
            </>
          )}
        </text>
      ))}
    </svg>
  );
}

interface LitNamesProps {
  readonly place: RowLayout;
  readonly seen: { readonly first: number; readonly end: number };
  readonly columns: Columns;
  readonly lit: ParameterUse;
}

/** A parameter's name at each of its copies. */
function LitNames({ place, seen, columns, lit }: LitNamesProps) {
  const copies = Array.from({ length: seen.end - seen.first }, (_, i) => seen.first + i);
  const towards = place.direction === 'forward' ? -1 : 1;
  const half = copySize.width / 2;
  const at = {
    input: { x: 0, y: copySize.height + 13 },
    state: { x: towards * (half + 11), y: copySize.height / 2 - 6 },
    within: { x: 0, y: copySize.height + 13 },
  }[lit.place];
  const text = lit.name.replace('_', '');
  return copies.map((copy) => {
    const middle = copyMiddle(place, copy, columns);
    return (
      <g key={copy}>
        {lit.place === 'within' && (
          <rect
            className="unfold-arrows__around"
            x={middle - half - 4}
            y={place.top - 4}
            width={2 * half + 8}
            height={copySize.height + 8}
            rx={9}
          />
        )}
        <text className="unfold-arrows__name" x={middle + at.x} y={place.top + at.y}>
          {text}
        </text>
      </g>
    );
  });
}
