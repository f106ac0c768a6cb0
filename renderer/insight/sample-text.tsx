import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, type PointerEvent, useEffect, useMemo, useRef } from 'react';

import type { UnitSample } from '../../engine/protocol/inspect-units.ts';
import type { NumberScale } from './colour-scale.ts';
import { ColouredToken } from './coloured-token.tsx';
import type { TextSequence } from './sample-texts.ts';
import { useColourTables } from './scale-colours.ts';

interface SampleTextProps {
  readonly label: string;
  readonly sequences: readonly TextSequence[];
  readonly level: UnitSample['level'];
  /** Of each step of all sequences. */
  readonly values: Float32Array | null;
  /** By how much they are scaled before they are coloured. */
  readonly factor: number;
  readonly scale: NumberScale;
  /** Steps that are underlined, as ranges in order. */
  readonly ranges: readonly (readonly [number, number])[];
  /** Row of the split that is looked at. */
  readonly here: number | null;
  onLook(example: number): void;
  onHover(at: { readonly sequence: number; readonly step: number } | null): void;
}

/** What scrolls without much focusable inside takes the focus itself. */
const focusable = { tabIndex: 0 };

/** The text of a split, coloured: only what is in view is drawn. */
export function SampleText(props: SampleTextProps) {
  const { label, sequences, level, values, factor, scale, ranges, here, onLook, onHover } = props;
  const scroller = useRef<HTMLElement>(null);
  const table = useColourTables()[scale.kind];
  const marked = useMemo(() => marksOf(ranges), [ranges]);
  const virtual = useVirtualizer({
    count: sequences.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 26,
    overscan: 4,
    getItemKey: (index) => sequences[index]?.example ?? index,
  });
  // Whatever chose it: the row that is looked at is in view.
  const place = here === null ? -1 : sequences.findIndex(({ example }) => example === here);
  const show = useRef(virtual.scrollToIndex);
  useEffect(() => {
    if (place >= 0) show.current(place, { align: 'auto' });
  }, [place]);
  const hover = (event: PointerEvent<HTMLElement>): void => {
    const token = (event.target as HTMLElement).closest<HTMLElement>('[data-place]');
    const row = token?.closest<HTMLElement>('[data-index]');
    if (!token || !row) onHover(null);
    else onHover({ sequence: Number(row.dataset['index']), step: Number(token.dataset['place']) });
  };
  return (
    <section
      ref={scroller}
      aria-label={label}
      className="sample-text scroll-region"
      onPointerMove={hover}
      onPointerLeave={() => onHover(null)}
      {...focusable}
    >
      <div className="sample-text__all" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start, key }) => {
          const sequence = sequences[index];
          if (!sequence) return null;
          return (
            <div
              key={key}
              ref={virtual.measureElement}
              data-index={index}
              className="sample-text__row"
              data-here={sequence.example === here}
              style={{ transform: `translateY(${start}px)` }}
            >
              <button
                type="button"
                className="sample-text__look"
                aria-label={`Look at row ${sequence.example + 1}`}
                onClick={() => onLook(sequence.example)}
              >
                {sequence.example + 1}
              </button>
              <Row {...{ sequence, level, values, factor, scale, table, marked }} />
              {sequence.label !== null && <span className="sample-text__label">{sequence.label}</span>}
            </div>
          );
        })}
      </div>
    </section>
  );
}

interface RowProps extends Pick<SampleTextProps, 'level' | 'values' | 'factor' | 'scale'> {
  readonly sequence: TextSequence;
  readonly table: Uint8ClampedArray;
  readonly marked: ReadonlySet<number>;
}

/** Hundreds of tokens a row: drawn again only where a number has changed. */
const Row = memo(function Row({ sequence, level, values, factor, scale, table, marked }: RowProps) {
  const { words, start } = sequence;
  return (
    <p className="running-text" data-level={level ?? 'none'}>
      {words
        .map((word, step) => ({ word, step }))
        .map(({ word, step }) => (
          <ColouredToken
            key={step}
            word={word}
            value={values === null ? Number.NaN : factor * (values[start + step] ?? Number.NaN)}
            scale={scale}
            table={table}
            place={step}
            marked={marked.has(start + step)}
          />
        ))}
    </p>
  );
});

function marksOf(ranges: SampleTextProps['ranges']): ReadonlySet<number> {
  const marks = new Set<number>();
  for (const [from, to] of ranges) for (let at = from; at <= to; at++) marks.add(at);
  return marks;
}
