import { type KeyboardEvent, type PointerEvent, useEffect, useMemo, useRef, useState } from 'react';
import { cardSize } from '../canvas/make-room.ts';
import { rowWords } from '../insight/row-words.ts';
import { setCursor, setPlace, useInsight } from '../insight/store.ts';
import { cursorAt, rowAt } from '../insight/time-axis.ts';
import { AttentionStrips } from './attention-strips.tsx';
import { CopyRow } from './copy-row.tsx';
import { DiagramArrows, type ViewProps } from './diagram-arrows.tsx';
import { ParameterName } from './parameter-list.tsx';
import type { ParameterUse } from './parameter-uses.ts';
import { copiesInView, copyMiddle, copySize, scrollToCopy, type UnfoldLayout } from './unfold-layout.ts';
import type { Unrolled, UnrolledRow } from './unrolled.ts';

/** Columns that are drawn anew at once while they scroll. */
const together = 4;

interface DiagramProps {
  readonly title: string;
  readonly unrolled: Unrolled;
  readonly layout: UnfoldLayout;
  readonly rows: readonly UnrolledRow[];
  /** The row whose parameters are listed. */
  readonly chosen: number;
  readonly lit: ParameterUse | null;
}

/** Rows of copies from left to right, arrows between them, words below and what is given above. What is long scrolls, and only what is in view is drawn. */
export function Diagram({ title, unrolled, layout, rows, chosen, lit }: DiagramProps) {
  const { trace } = unrolled;
  const { pitch } = layout;
  const cursor = useInsight((s) => s.cursor);
  const scroller = useRef<HTMLDivElement>(null);
  const block = together * pitch;
  // Within a block of columns, the same is drawn; before it scrolls, what is seen: it must be there at once.
  const [{ left, ahead }, setView] = useState({ left: 0, ahead: 0 });
  const view = useMemo(() => ({ left, width: layout.width - layout.names + ahead }), [left, ahead, layout.width, layout.names]);
  const steps = rows.map(({ traced }) => (trace && traced ? rowAt(cursor, traced.recurrence.steps, trace.steps) : null));
  const here = steps[chosen] ?? null;
  const middle = here === null ? null : copyMiddle(layout.rows[chosen] ?? { span: 1 }, here, layout);
  /** The row whose copy at the cursor gets the focus, once it is drawn. */
  const focusAfter = useRef<number | null>(null);

  // Whoever moves the cursor: its copy is in view.
  useEffect(() => {
    const area = scroller.current;
    if (!area || middle === null) return;
    const left = scrollToCopy(middle, { pitch }, { left: area.scrollLeft, width: area.clientWidth });
    if (left !== area.scrollLeft) area.scrollLeft = left;
  }, [middle, pitch]);
  useEffect(() => {
    const row = focusAfter.current;
    focusAfter.current = null;
    if (row !== null)
      scroller.current?.querySelector<HTMLElement>(`[data-row="${row}"][tabindex="0"]`)?.focus({ preventScroll: true });
  });
  useSidewaysWheel(scroller);
  const look = (): void => {
    const left = Math.floor((scroller.current?.scrollLeft ?? 0) / block) * block;
    setView((before) => (before.left === left && before.ahead === block ? before : { left, ahead: block }));
  };

  const go = (row: number, copy: number): void => {
    const traced = rows[row]?.traced;
    if (!trace || !traced) return;
    if (row !== chosen) setPlace(traced.place);
    setCursor(cursorAt(copy, traced.recurrence.steps, trace.steps));
  };
  const scrub = (event: PointerEvent<HTMLElement>): void => {
    const copy = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-copy]') : null;
    if (copy && (event.buttons & 1) !== 0) go(Number(copy.dataset['row']), Number(copy.dataset['copy']));
  };
  const key = (event: KeyboardEvent<HTMLElement>): void => {
    const from = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-copy]') : null;
    if (!from || event.ctrlKey || event.metaKey || event.altKey) return;
    const [row, copy] = [Number(from.dataset['row']), Number(from.dataset['copy'])];
    const next = nextCopy(event.key, { row, copy }, layout);
    if (next === null) return;
    event.preventDefault();
    event.stopPropagation();
    focusAfter.current = next.row;
    go(next.row, next.copy);
  };
  const stop = { row: chosen, copy: here ?? 0 };
  // The middle of the folded card.
  const origin = cardSize.width / 2 - layout.names;
  return (
    <div className="unfold-diagram" style={{ height: layout.diagram }}>
      <Names unrolled={unrolled} layout={layout} rows={rows} />
      <div ref={scroller} className="unfold-diagram__view" onScroll={look} style={{ left: layout.names }}>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: its copies take the focus, one control for all of them */}
        <div
          className="unfold-diagram__content"
          style={{ width: layout.content, height: layout.diagram }}
          onPointerDown={scrub}
          onPointerMove={scrub}
          onKeyDown={key}
        >
          <DiagramArrows unrolled={unrolled} layout={layout} view={view} lit={lit} chosen={chosen} />
          {rows.map((row, number) => {
            const place = layout.rows[number];
            return (
              place && (
                <CopyRow
                  key={`${row.layer} ${row.direction}`}
                  row={row}
                  place={place}
                  number={number}
                  columns={layout}
                  trace={trace?.trace ?? null}
                  states={unrolled.states}
                  {...copiesInView(place, layout, view.left, view.width)}
                  lit={steps[number] ?? null}
                  stop={number === stop.row ? stop.copy : null}
                  origin={origin}
                  title={[title, ...rowWords(row, rows)].join(', ')}
                />
              )
            );
          })}
          <Words unrolled={unrolled} layout={layout} view={view} here={here} span={layout.rows[chosen]?.span ?? 1} />
          {unrolled.attention && (
            <AttentionStrips
              attention={unrolled.attention.weights}
              memory={unrolled.attention.memory}
              names={unrolled.inputs}
              top={layout.looks}
              columns={layout}
              view={view}
            />
          )}
        </div>
      </div>
    </div>
  );
}

/** Where a key leads; `null`: nowhere. */
function nextCopy(
  pressed: string,
  { row, copy }: { readonly row: number; readonly copy: number },
  { rows }: UnfoldLayout,
): { readonly row: number; readonly copy: number } | null {
  const own = rows[row];
  if (!own) return null;
  const last = own.copies - 1;
  const to = { ArrowLeft: copy - 1, ArrowRight: copy + 1, Home: 0, End: last, PageUp: copy - 10, PageDown: copy + 10 }[pressed];
  if (to !== undefined) return { row, copy: Math.min(last, Math.max(0, to)) };
  const beside = { ArrowUp: row + 1, ArrowDown: row - 1 }[pressed];
  const other = beside === undefined ? undefined : rows[beside];
  if (beside === undefined || !other) return pressed.startsWith('Arrow') ? { row, copy } : null;
  return { row: beside, copy: Math.min(other.copies - 1, Math.floor((copy * own.span) / other.span)) };
}

/** A wheel sideways, or with Shift, moves through the steps; any other is the canvas'. */
function useSidewaysWheel(scroller: { readonly current: HTMLElement | null }): void {
  useEffect(() => {
    const area = scroller.current;
    const wheel = (event: WheelEvent): void => {
      const sideways = event.shiftKey ? event.deltaX || event.deltaY : event.deltaX;
      if (!area || event.ctrlKey || Math.abs(sideways) < Math.abs(event.shiftKey ? 0 : event.deltaY) || sideways === 0) return;
      if (area.scrollWidth <= area.clientWidth) return;
      event.preventDefault();
      event.stopPropagation();
      area.scrollLeft += sideways;
    };
    area?.addEventListener('wheel', wheel, { passive: false });
    return () => area?.removeEventListener('wheel', wheel);
  }, [scroller]);
}

/** What the rows are, at their left. */
function Names({ unrolled: { states, gives, attention }, layout, rows }: Pick<DiagramProps, 'unrolled' | 'layout' | 'rows'>) {
  const [top] = layout.rows.slice(-1);
  const names = { 'every-step': 'every step', last: 'last step', mean: 'mean of', max: 'largest of' } as const;
  return (
    <div className="unfold-diagram__names" style={{ width: layout.names }} aria-hidden>
      <span style={{ top: (top?.to ?? 0) - 34, height: 20 }}>{names[gives]}</span>
      {layout.rows.map((row) => (
        <span key={row.top} style={{ top: row.top, height: copySize.height }}>
          {rowWords(row, rows).map((word) => (
            <b key={word}>{word}</b>
          ))}
          {states.join('  ')}
        </span>
      ))}
      <span style={{ top: layout.words, height: 20 }}>reads</span>
      {attention && <span style={{ top: layout.looks, height: 14 }}>looks at</span>}
    </div>
  );
}

interface WordsProps {
  /** The copy under the cursor, of the row that is chosen, and how many steps it stands for. */
  readonly here: number | null;
  readonly span: number;
}

/** What the first layer reads. */
function Words({ unrolled: { inputs, trace, shortened }, layout, view, here, span }: ViewProps & WordsProps) {
  const { first, end } = copiesInView({ span: 1, copies: inputs.length }, layout, view.left, view.width);
  return inputs.slice(first, end).map((word, i) => {
    const step = first + i;
    return (
      <span
        key={step}
        className="unfold-word"
        style={{ left: step * layout.pitch, top: layout.words, width: layout.pitch }}
        data-here={here !== null && Math.floor(step / span) === here}
        title={word}
      >
        {trace === null ? <ParameterName name={`x_${word}`} /> : word}
        {shortened && step === inputs.length - 2 && <span className="unfold-word__gap">…</span>}
      </span>
    );
  });
}
