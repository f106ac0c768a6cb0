import { type KeyboardEvent, type MouseEvent, useEffect, useId, useMemo, useRef } from 'react';
import type { UnitFigures } from '../../engine/protocol/inspect-units.ts';
import { escaped } from '../ui/xml-text.ts';
import { evenAxis } from './chart-scale.ts';
import { FigureTools } from './figure-tools.tsx';
import { svgOf } from './save-figure.ts';
import { shown } from './step-equations.ts';

interface UnitListProps {
  readonly figures: readonly UnitFigures[];
  /** AUROC of each unit; `null` while nothing is compared. */
  readonly auroc: readonly (number | null)[] | null;
  readonly unit: number | null;
  /** What the numbers are of: `h of Recurrent`. */
  readonly name: string;
  onPin(unit: number): void;
}

/** Units, best first: those that tell the pattern most surely (AUROC farthest from ½), else those that move most. */
export function unitRanking(figures: readonly UnitFigures[], auroc: readonly (number | null)[] | null): readonly number[] {
  const worth = (unit: number): number => (auroc === null ? (figures[unit]?.spread ?? 0) : Math.abs((auroc[unit] ?? 0.5) - 0.5));
  return figures.map((_, unit) => unit).sort((a, b) => worth(b) - worth(a) || a - b);
}

/** Each unit's figures over the text: the one that is chosen colours it. */
export function UnitList({ figures, auroc, unit, name, onPin }: UnitListProps) {
  const id = useId();
  const order = useMemo(() => unitRanking(figures, auroc), [figures, auroc]);
  const list = useRef<HTMLDivElement>(null);
  const at = unit === null ? -1 : order.indexOf(unit);
  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  const key = (event: KeyboardEvent): void => {
    const to = { ArrowUp: at - 1, ArrowDown: at + 1, PageUp: at - 8, PageDown: at + 8, Home: 0, End: order.length - 1 }[
      event.key
    ];
    if (to === undefined) return;
    event.preventDefault();
    const next = order[Math.min(order.length - 1, Math.max(0, to))];
    if (next !== undefined) onPin(next);
  };
  const press = (event: MouseEvent): void => {
    const pressed = (event.target as HTMLElement).closest<HTMLElement>('[data-unit]')?.dataset['unit'];
    if (pressed !== undefined) onPin(Number(pressed));
  };
  return (
    <figure className="unit-list">
      <div className="unit-list__head" aria-hidden>
        <span>unit</span>
        <span>{auroc === null ? 'spread' : 'AUROC'}</span>
        <span title="Share of the steps near an end of its range">at an end</span>
      </div>
      <div
        ref={list}
        className="unit-list__all scroll-region"
        role="listbox"
        aria-label={auroc === null ? 'Units, those that move most first' : 'Units, those that tell the pattern best first'}
        aria-activedescendant={at < 0 ? undefined : `${id}-${unit}`}
        onKeyDown={key}
        tabIndex={0}
        onClick={press}
      >
        {order.map((one) => {
          const { spread = 0, saturated = 0, dead = false } = figures[one] ?? {};
          const score = auroc?.[one] ?? null;
          return (
            <div
              key={one}
              id={`${id}-${one}`}
              className="unit-list__unit"
              role="option"
              tabIndex={-1}
              aria-selected={one === unit}
              aria-label={wordsOf(one, figures[one], auroc === null ? undefined : score)}
              data-unit={one}
            >
              <b>{one}</b>
              <span className="unit-list__score">
                {auroc === null ? (
                  shown(spread)
                ) : score === null ? (
                  '–'
                ) : (
                  <>
                    <i style={{ left: `${100 * Math.min(0.5, score)}%`, right: `${100 * Math.min(0.5, 1 - score)}%` }} />
                    {score.toFixed(3)}
                  </>
                )}
              </span>
              <span>{dead ? 'dead' : `${Math.round(100 * saturated)} %`}</span>
            </div>
          );
        })}
      </div>
      <figcaption className="heat-map__foot">
        <span />
        <FigureTools
          name={`Units of ${name} over the text`}
          table={() => ({
            head: ['', 'AUROC', 'mean', 'spread', 'at an end', 'dead'],
            rows: order.map((one) => {
              const { mean = 0, spread = 0, saturated = 0, dead = false } = figures[one] ?? {};
              return [`Unit ${one}`, auroc?.[one] ?? '', mean, spread, saturated, dead ? 'yes' : 'no'];
            }),
          })}
          svg={() => listSvg(`Units of ${name} over the text`, order, figures, auroc)}
        />
      </figcaption>
    </figure>
  );
}

function wordsOf(unit: number, figures: UnitFigures | undefined, score: number | null | undefined): string {
  const { spread = 0, saturated = 0, dead = false } = figures ?? {};
  const first = score === undefined ? `spread ${shown(spread)}` : score === null ? 'no AUROC' : `AUROC ${score.toFixed(3)}`;
  return `Unit ${unit}: ${first}, ${dead ? 'dead' : `at an end ${Math.round(100 * saturated)} % of the steps`}`;
}

/** Units of the picture at most. */
const drawn = 40;

/** The first of them as bars: AUROC from ½, or spread from 0. */
function listSvg(
  title: string,
  order: readonly number[],
  figures: readonly UnitFigures[],
  auroc: readonly (number | null)[] | null,
): string {
  const units = order.slice(0, drawn);
  const numbers = units.map((unit) => (auroc === null ? (figures[unit]?.spread ?? 0) : (auroc[unit] ?? 0.5)));
  const [height, left, width] = [16, 60, 320];
  const axis = auroc === null ? evenAxis(numbers, shown) : evenAxis([0, 1], shown);
  const x = (value: number): number => left + (axis.place(value) ?? 0) * width;
  const zero = x(auroc === null ? 0 : 0.5);
  const rows = units.map((unit, row) => {
    const value = numbers[row] ?? 0;
    const y = row * height;
    return [
      `<text x="${left - 8}" y="${y + 12}" text-anchor="end" fill="var(--dim)">unit ${unit}</text>`,
      `<rect x="${Math.min(zero, x(value))}" y="${y + 3}" width="${Math.abs(x(value) - zero)}" height="10" fill="var(--cell)"/>`,
      `<text x="${left + width + 8}" y="${y + 12}" fill="var(--ink)">${escaped(shown(value))}</text>`,
    ].join('');
  });
  const foot = `<text x="${left}" y="${units.length * height + 16}" fill="var(--dim)">${auroc === null ? 'standard deviation over all steps' : 'AUROC; bars begin at 0.5'}</text>`;
  return svgOf(title, left + width + 70, units.length * height + 24, `${rows.join('')}${foot}`);
}
