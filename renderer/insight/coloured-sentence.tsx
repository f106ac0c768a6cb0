import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import type { UnitSample } from '../../engine/protocol/inspect-units.ts';
import type { NumberScale } from './colour-scale.ts';
import { ColouredToken } from './coloured-token.tsx';
import { useColourTables } from './scale-colours.ts';
import type { StepRange } from './store.ts';
import { walkedTo } from './walked-to.ts';

interface ColouredSentenceProps {
  readonly label: string;
  readonly words: readonly string[];
  readonly level: UnitSample['level'];
  readonly values: readonly number[];
  readonly scale: NumberScale;
  readonly cursor: number | null;
  readonly range: StepRange | null;
  /** Id of what tells the number at the cursor. */
  readonly describedBy: string;
  onCursor(step: number): void;
  onRange(range: StepRange | null): void;
  onHover(step: number | null): void;
}

/** All tokens are one control, which arrow keys walk through. */
const focusable = { tabIndex: 0 };

/** The sentence that is looked at: a click or a drag chooses steps of it. */
export function ColouredSentence(props: ColouredSentenceProps) {
  const { label, words, level, values, scale, cursor, range, describedBy, onCursor, onRange, onHover } = props;
  const table = useColourTables()[scale.kind];
  const from = useRef<number | null>(null);
  const under = (event: PointerEvent<HTMLElement>): number | null => {
    const place = (event.target as HTMLElement).closest<HTMLElement>('[data-place]')?.dataset['place'];
    return place === undefined ? null : Number(place);
  };
  const press = (event: PointerEvent<HTMLElement>): void => {
    const step = under(event);
    if (step === null || event.button !== 0) return;
    from.current = step;
    const again = range?.from === step && range.to === step;
    onRange(again ? null : { from: step, to: step });
    onCursor(step);
  };
  const move = (event: PointerEvent<HTMLElement>): void => {
    const step = under(event);
    onHover(step);
    const start = from.current;
    if (start === null || step === null || (event.buttons & 1) === 0) return;
    if (step !== start || range !== null) onRange({ from: Math.min(start, step), to: Math.max(start, step) });
  };
  const key = (event: KeyboardEvent): void => {
    const at = cursor ?? 0;
    const to = walkedTo(event.key, at, words.length - 1);
    if (to !== undefined) {
      if (event.shiftKey) onRange(stretched(range, at, to));
      onCursor(to);
    } else if (event.key === 'Enter' && cursor !== null) onRange({ from: at, to: at });
    else if (event.key === 'Escape' && range !== null) onRange(null);
    else return;
    event.preventDefault();
  };
  return (
    <div
      className="running-text running-text--sentence"
      data-level={level ?? 'none'}
      role="application"
      aria-roledescription="coloured text"
      aria-label={`${label}; arrow keys read it, Shift and arrow keys choose steps`}
      aria-describedby={describedBy}
      onPointerDown={press}
      onPointerMove={move}
      onPointerUp={() => {
        from.current = null;
      }}
      onPointerLeave={() => onHover(null)}
      onKeyDown={key}
      {...focusable}
    >
      {words
        .map((word, step) => ({ word, step }))
        .map(({ word, step }) => (
          <ColouredToken
            key={step}
            word={word}
            value={values[step] ?? Number.NaN}
            scale={scale}
            table={table}
            place={step}
            here={step === cursor}
            chosen={range !== null && step >= range.from && step <= range.to}
          />
        ))}
    </div>
  );
}

/** A range of steps one of whose ends goes with the cursor. */
function stretched(range: StepRange | null, from: number, to: number): StepRange {
  const fixed = range === null ? from : range.from === from ? range.to : range.to === from ? range.from : from;
  return { from: Math.min(fixed, to), to: Math.max(fixed, to) };
}
