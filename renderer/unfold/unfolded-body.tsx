import { memo, type PointerEvent, Suspense, useEffect, useMemo, useRef, useState } from 'react';
import { type LatexLine, latexLines } from '../../engine/cells/language/latex.ts';
import { parseCell } from '../../engine/cells/language/parse.ts';
import { rowWords } from '../insight/row-words.ts';
import { useInsight } from '../insight/store.ts';
import { Equation } from '../ui/equation.tsx';
import { ScrollRegion } from '../ui/scroll-region.tsx';
import { Diagram } from './diagram.tsx';
import { ParameterList, sharedWords } from './parameter-list.tsx';
import './unfold.css';
import { type UnfoldedNode, useUnfold, useUnfolded } from './unfold-store.ts';

function linesOf(equations: string): readonly LatexLine[] {
  const parsed = parseCell(equations);
  return parsed.ok ? latexLines(parsed.tree, (name, tex) => `\\htmlData{parameter=${name}}{${tex}}`) : [];
}

/** A recurrent node as copies in time, with the equations that all of them share. */
export function UnfoldedBody({ id, title }: { readonly id: string; readonly title: string }) {
  const unfolded = useUnfolded(id);
  return unfolded && <Unfolded title={title} unrolled={unfolded.unrolled} layout={unfolded.layout} />;
}

interface UnfoldedProps extends Pick<UnfoldedNode, 'unrolled' | 'layout'> {
  readonly title: string;
}

/** Dozens of copies: drawn again only where they are others, not while the card moves. */
const Unfolded = memo(function Unfolded({ title, unrolled, layout }: UnfoldedProps) {
  const [pointed, setPointed] = useState<string | null>(null);
  const [pinned, setPinned] = useState<string | null>(null);
  const chosen = useInsight((s) => s.place);
  const rows = useMemo(() => unrolled.layers.flatMap((layer) => layer.rows), [unrolled]);
  const own = rows.findIndex(({ layer, direction, traced }) => {
    return traced?.place.node === chosen?.node && layer === chosen?.layer && direction === chosen.direction;
  });
  const number = Math.max(0, own);
  const row = rows[number];
  const lit = unrolled.parameters.find(({ name }) => name === (pointed ?? pinned)) ?? null;
  const lines = useMemo(() => linesOf(unrolled.equations), [unrolled.equations]);
  if (!row) return null;
  const copies = unrolled.shortened ? 'T' : String(row.names.length);
  const where = rows.length > 1 ? ` Shown: ${rowWords(row, rows).join(', ')}.` : '';
  return (
    <section className="unfolded nodrag nokey" aria-label={`${title}, unfolded in time`} style={{ width: layout.width }}>
      <Diagram title={title} unrolled={unrolled} layout={layout} rows={rows} chosen={number} lit={lit} />
      <div className="unfolded__text" style={{ height: layout.text }}>
        <Equations lines={lines} lit={lit?.name ?? null} onPoint={setPointed} />
        <ParameterList
          parameters={unrolled.parameters}
          row={row}
          lit={lit?.name ?? null}
          pinned={pinned}
          onPoint={setPointed}
          onPin={setPinned}
        />
        <p className="unfolded__words" role="status" data-lit={lit !== null}>
          {lit === null
            ? `${copies} copies of one cell: each takes what comes in at its step, and the state of the step before. Point at a parameter to see it in all of them.`
            : sharedWords(lit, row, copies)}
          {where}
        </p>
      </div>
    </section>
  );
});

/** One more with each frame, once nothing moves: to set all of them in type takes longer than a frame. */
function useInTurn(lines: readonly LatexLine[]): readonly LatexLine[] {
  const moving = useUnfold((s) => s.moving);
  const [count, setCount] = useState(0);
  useEffect(() => {
    if (moving || count >= lines.length) return undefined;
    const frame = requestAnimationFrame(() => setCount(count + 1));
    return () => cancelAnimationFrame(frame);
  }, [moving, count, lines.length]);
  return lines.slice(0, count);
}

interface EquationsProps {
  readonly lines: readonly LatexLine[];
  readonly lit: string | null;
  onPoint(name: string | null): void;
}

/** The equations of the cell: a parameter in them is pointed at like its name in the list, which the keyboard has. */
function Equations({ lines, lit, onPoint }: EquationsProps) {
  const host = useRef<HTMLDivElement>(null);
  const shown = useInTurn(lines);
  useEffect(() => {
    for (const part of host.current?.querySelectorAll<HTMLElement>('[data-parameter]') ?? [])
      part.dataset['lit'] = String(part.dataset['parameter'] === lit);
  });
  const point = (event: PointerEvent<HTMLElement>): void => {
    const part = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-parameter]') : null;
    onPoint(part?.dataset['parameter'] ?? null);
  };
  return (
    <ScrollRegion label="Equations of every copy" className="unfolded__equations nowheel">
      <div ref={host} onPointerMove={point} onPointerLeave={() => onPoint(null)}>
        <Suspense fallback={null}>
          {shown.map(({ line, left, right }) => (
            <div key={line}>
              <Equation tex={`${left} = ${right}`} display={false} marked />
            </div>
          ))}
        </Suspense>
      </div>
    </ScrollRegion>
  );
}
