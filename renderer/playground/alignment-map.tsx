import { type KeyboardEvent, type PointerEvent, useEffect, useId, useRef, useState } from 'react';
import { ScrollRegion } from '../ui/scroll-region.tsx';
import { visibleToken } from '../ui/visible-token.ts';
import { bands, type Cell, cellAfter, stepNames, strongest } from './alignment.ts';
import './alignment-map.css';

interface AlignmentMapProps {
  /** Tokens that were said, and `<eos>` where the sequence ended by itself. */
  readonly said: readonly string[];
  /** Tokens of the input; none where it is numbers. */
  readonly input: readonly string[];
  /** `[said][memory]`, each row adding up to 1. */
  readonly alignment: readonly (readonly number[])[];
}

/** Thousands of cells are one control, which arrow keys walk through. */
const focusable = { tabIndex: 0 };

/** Columns narrower than this bear no names. */
const namedFrom = 13;

/** How much attention each said token gave to each step of the input: a row a token, read by pointer, by keys or as a table. */
export function AlignmentMap({ said, input, alignment }: AlignmentMapProps) {
  const id = useId();
  const [at, setAt] = useState<Cell | null>(null);
  const columns = alignment[0]?.length ?? 0;
  const names = stepNames(columns, input);
  const rows = alignment.map((weights, row) => ({ row, weights, token: said[row] ?? '' }));
  const wide = Math.max(...names.map((name) => name.length), 1) > 1;
  const width = Math.min(wide ? 34 : 24, Math.max(3, Math.floor(700 / Math.max(1, columns))));
  const first = { row: 0, column: strongest(alignment[0] ?? []) };
  const { row: atRow, column: atColumn } = at ?? first;
  const here = { row: Math.min(atRow, rows.length - 1), column: Math.min(atColumn, columns - 1) };
  const weights = alignment[here.row] ?? [];
  const mark = useRef<HTMLElement>(null);
  const walking = useRef(false);
  useEffect(() => {
    if (walking.current) mark.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    walking.current = false;
  });
  if (columns === 0) return null;

  const move = (event: KeyboardEvent): void => {
    const next = cellAfter(event.key, here, rows.length, columns);
    if (!next) return;
    event.preventDefault();
    walking.current = true;
    setAt(next);
  };
  const point = (event: PointerEvent, row: number): void => {
    const { left, width: whole } = event.currentTarget.getBoundingClientRect();
    const column = Math.floor(((event.clientX - left) / Math.max(1, whole)) * columns);
    setAt({ row, column: Math.min(columns - 1, Math.max(0, column)) });
  };
  const share = (weight: number): string => `${(weight * 100).toFixed(1)} %`;

  return (
    <figure className="alignment" aria-labelledby={`${id}-title`}>
      <figcaption id={`${id}-title`}>
        Attention <span className="alignment__hint">each row is a token that was said, each column a step of the input</span>
      </figcaption>
      <div className="alignment__scroll">
        <div
          className="alignment__map"
          role="application"
          aria-roledescription="heat map"
          aria-label="Attention map; arrow keys read it"
          aria-describedby={`${id}-here`}
          onKeyDown={move}
          {...focusable}
          style={{ gridTemplateColumns: `auto ${width * columns}px` }}
        >
          {rows.map(({ row, weights: gave, token }) => (
            <div key={row} className="alignment__row">
              <span className={row === here.row ? 'alignment__said alignment__said--here' : 'alignment__said'}>
                {visibleToken(token)}
              </span>
              <div
                className="alignment__bands"
                style={{ background: bands(gave) }}
                onPointerMove={(event) => point(event, row)}
                onPointerDown={(event) => point(event, row)}
              >
                {row === here.row && (
                  <i ref={mark} style={{ left: `${(here.column / columns) * 100}%`, width: `${100 / columns}%` }} />
                )}
              </div>
            </div>
          ))}
          <div className="alignment__row" aria-hidden>
            <span />
            {width >= namedFrom ? (
              <div
                className={wide ? 'alignment__names alignment__names--upright' : 'alignment__names'}
                style={{ gridTemplateColumns: `repeat(${columns}, ${width}px)` }}
              >
                {names
                  .map((name, column) => ({ name, column }))
                  .map(({ name, column }) => (
                    <span key={column} className={column === here.column ? 'alignment__name--here' : undefined}>
                      {name}
                    </span>
                  ))}
              </div>
            ) : (
              <div className="alignment__ends">
                <span>step 1</span>
                <span>step {columns}</span>
              </div>
            )}
          </div>
        </div>
      </div>
      <p id={`${id}-here`} className="alignment__readout" role="status">
        <b>{visibleToken(said[here.row] ?? '')}</b> gave {share(weights[here.column] ?? 0)} of its attention to{' '}
        {input.length > 0 ? <b>{names[here.column]}</b> : `step ${here.column + 1}`} (step {here.column + 1} of {columns}).
      </p>
      <AsTable said={said} names={names} alignment={alignment} />
    </figure>
  );
}

/** Cells above this many are not written out as numbers. */
const writtenCells = 4_000;

interface AsTableProps {
  readonly said: readonly string[];
  readonly names: readonly string[];
  readonly alignment: readonly (readonly number[])[];
}

/** The same in numbers. */
function AsTable({ said, names, alignment }: AsTableProps) {
  const [open, setOpen] = useState(false);
  const columns = names.map((name, column) => ({ name, column }));
  const whole = alignment.length * names.length <= writtenCells;
  return (
    <details className="alignment__table" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>As a table</summary>
      {open && (
        <ScrollRegion label="Attention as a table" className="alignment__scroll">
          <table>
            <thead>
              <tr>
                <th scope="col">Said</th>
                <th scope="col">Most on</th>
                {whole &&
                  columns.map(({ name, column }) => (
                    <th key={column} scope="col">
                      {name}
                    </th>
                  ))}
              </tr>
            </thead>
            <tbody>
              {alignment
                .map((weights, row) => ({ weights, row, most: strongest(weights) }))
                .map(({ weights, row, most }) => (
                  <tr key={row}>
                    <th scope="row">{visibleToken(said[row] ?? '')}</th>
                    <td>
                      {names[most]} · {((weights[most] ?? 0) * 100).toFixed(0)} %
                    </td>
                    {whole && columns.map(({ column }) => <td key={column}>{(weights[column] ?? 0).toFixed(3)}</td>)}
                  </tr>
                ))}
            </tbody>
          </table>
        </ScrollRegion>
      )}
    </details>
  );
}
