import { type KeyboardEvent, type PointerEvent, useEffect, useRef } from 'react';
import type { NumberScale } from './colour-scale.ts';
import './coloured-text.css';
import { useColourTables } from './scale-colours.ts';
import { shown } from './step-equations.ts';
import { tokenColours } from './text-colours.ts';
import { walkedTo } from './walked-to.ts';

interface ColouredTextProps {
  readonly label: string;
  /** Of each step. */
  readonly names: readonly string[];
  readonly values: readonly number[];
  readonly scale: NumberScale;
  readonly cursor: number | null;
  onCursor(step: number): void;
}

/** One control, which arrow keys walk through. */
const focusable = { tabIndex: 0 };

/** Words with the colour of a number behind each: hover tells it, a click or arrow keys move the cursor. */
export function ColouredText({ label, names, values, scale, cursor, onCursor }: ColouredTextProps) {
  const table = useColourTables()[scale.kind];
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (cursor !== null) list.current?.children[cursor]?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [cursor]);
  const point = (event: PointerEvent<HTMLElement>): void => {
    const token = (event.target as HTMLElement).closest<HTMLElement>('[data-step]');
    if (token && (event.buttons & 1) === 1) onCursor(Number(token.dataset['step']));
  };
  const key = (event: KeyboardEvent): void => {
    const to = walkedTo(event.key, cursor ?? 0, names.length - 1);
    if (to === undefined) return;
    event.preventDefault();
    onCursor(to);
  };
  return (
    <div
      ref={list}
      className="coloured-text"
      role="application"
      aria-roledescription="coloured text"
      aria-label={`${label}; arrow keys read it`}
      onPointerDown={point}
      onPointerMove={point}
      onKeyDown={key}
      {...focusable}
    >
      {names
        .map((name, step) => ({ name, step, value: values[step] ?? Number.NaN }))
        .map(({ name, step, value }) => (
          <span
            key={step}
            className="coloured-text__token"
            data-step={step}
            data-here={step === cursor}
            style={{ ...tokenColours(value, scale, table) }}
            title={`${name}: ${shown(value)}`}
          >
            {name}
          </span>
        ))}
    </div>
  );
}
