import { type KeyboardEvent, type PointerEvent, useEffect, useMemo, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import type { BeamTree } from '../../engine/protocol/beam-tree.ts';
import { formatShare, withMinus } from '../training/metric-format.ts';
import { visibleToken } from '../ui/visible-token.ts';
import {
  beamHeightOf,
  beamLooks,
  beamWidthOf,
  columnsWithin,
  type DrawnNode,
  drawnNode,
  headAt,
  nodeAt,
} from './beam-drawing.ts';
import './beam.css';
import { type BeamLayout, beamLayout, beamStep, fateWords, wayTo } from './beam-layout.ts';
import { type FigureTable, FigureTools } from './figure-tools.tsx';
import { scrollInto } from './heat-map-geometry.ts';
import { svgOf } from './save-figure.ts';
import { useSize } from './use-size.ts';

interface BeamFigureProps {
  readonly tree: BeamTree;
  /** Rank of the sequence whose way stands out. */
  readonly chosen: number;
}

/** One control, which arrow keys walk through. */
const focusable = { tabIndex: 0 };

/** What a beam search looked at: a column a step, each step's best on top, read by pointer, by keys or as a table. */
export function BeamFigure({ tree, chosen }: BeamFigureProps) {
  const { ref, width: seen } = useSize<HTMLDivElement>();
  const [scrolled, setScrolled] = useState(0);
  const [marked, setMarked] = useState<{ readonly of: BeamLayout; readonly at: number } | null>(null);
  const layout = useMemo(() => beamLayout(tree, chosen), [tree, chosen]);
  const { nodes, columns, rows } = layout;
  const end = nodes.find(({ rank }) => rank === chosen) ?? nodes[0];
  // Of another sequence that is chosen, or another search, the end is read first.
  const here = (marked?.of === layout ? nodes[marked.at] : undefined) ?? end;
  const mark = (at: number): void => setMarked({ of: layout, at });
  const walking = useRef(false);
  useEffect(() => {
    if (walking.current && ref.current && here) intoView(ref.current, drawnNode(here, nodes, visibleToken));
    walking.current = false;
  });
  const [width, height] = [beamWidthOf(columns.length), beamHeightOf(rows)];
  const name = `Beam search with ${tree.width} ${tree.width === 1 ? 'hypothesis' : 'hypotheses'}`;
  if (here === undefined) return null;
  const key = (event: KeyboardEvent): void => {
    const next = beamStep(event.key, layout, here.at);
    if (next === null) return;
    event.preventDefault();
    walking.current = true;
    mark(next);
  };
  const point = (event: PointerEvent<HTMLElement>): void => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    const { scrollLeft, scrollTop } = event.currentTarget;
    const found = nodeAt(columns, event.clientX - left + scrollLeft, event.clientY - top + scrollTop);
    if (found) mark(found.at);
  };
  return (
    <figure className="beam">
      <div
        ref={ref}
        className="beam__view"
        role="application"
        aria-roledescription="tree"
        aria-label={`${name}, ${columns.length} steps; arrow keys read it`}
        onKeyDown={key}
        onPointerDown={point}
        onPointerMove={point}
        onScroll={(event) => setScrolled(event.currentTarget.scrollLeft)}
        {...focusable}
      >
        <svg width={width} height={height} fontSize="12" aria-hidden="true">
          <Columns layout={layout} at={here.at} {...columnsWithin(scrolled, scrolled + Math.max(seen, 1))} />
        </svg>
      </div>
      <figcaption className="heat-map__foot">
        <span className="heat-map__read" role="status">
          <b>{sayOf(layout, here.at)}</b> ({here.length} {here.length === 1 ? 'token' : 'tokens'}): log p{' '}
          <b>{withMinus(here.logProbability.toFixed(3))}</b>, its last token {formatShare(here.probability)}; {fateWords(here)}.
        </span>
        <FigureTools
          name={name}
          table={() => tableOf(layout)}
          svg={() => svgOf(name, width, height, markupOf(<Columns layout={layout} at={null} from={0} to={columns.length} />))}
        />
      </figcaption>
    </figure>
  );
}

interface ColumnsProps {
  readonly layout: BeamLayout;
  /** The node that is read. */
  readonly at: number | null;
  /** Columns that are drawn. */
  readonly from: number;
  readonly to: number;
}

function Columns({ layout: { nodes, columns }, at, from, to }: ColumnsProps) {
  const first = Math.max(0, from);
  const some = columns.slice(first, to).map((column, index) => ({ index: first + index, column }));
  const drawn = some.flatMap(({ column }) => column.map((node) => drawnNode(node, nodes, visibleToken)));
  return (
    <>
      {some.map(({ index }) => (
        <text key={index} {...headAt(index)} textAnchor="middle" fill="var(--dim)">
          {index + 1}
        </text>
      ))}
      {drawn.map(({ at: key, line, state }) => {
        const { stroke, width, dash } = beamLooks[state];
        return line === null ? null : (
          <path key={key} d={line} fill="none" stroke={stroke} strokeWidth={width} strokeDasharray={dash} />
        );
      })}
      {drawn.map((node) => (
        <Box key={node.at} {...node} marked={node.at === at} />
      ))}
    </>
  );
}

function Box({ x, y, width, height, state, word, number, place, marked }: DrawnNode & { readonly marked: boolean }) {
  const look = beamLooks[state];
  const weight = state === 'chosen' ? 600 : 400;
  return (
    <>
      {marked && (
        <rect
          x={x - 3}
          y={y - 3}
          width={width + 6}
          height={height + 6}
          rx={9}
          fill="none"
          stroke="var(--state)"
          strokeWidth={2}
        />
      )}
      <rect x={x} y={y} width={width} height={height} rx={6} fill={look.fill} stroke={look.stroke} strokeDasharray={look.dash} />
      <text x={x + 7} y={y + 14} fill={look.ink} fontWeight={weight}>
        {word}
      </text>
      <text x={x + width - 7} y={y + 14} fill={look.ink} textAnchor="end" fontWeight={600}>
        {place}
      </text>
      <text x={x + 7} y={y + 27} fill={look.ink}>
        {number}
      </text>
    </>
  );
}

/** What was said up to a node. */
const sayOf = ({ nodes }: BeamLayout, at: number): string =>
  wayTo(nodes, at)
    .map((step) => visibleToken(nodes[step]?.token ?? ''))
    .join(' ');

const tableOf = (layout: BeamLayout): FigureTable => ({
  head: ['said', 'tokens', 'of the step', 'log p', 'p of the last token', 'score', 'what became of it'],
  rows: layout.nodes.map((node) => [
    sayOf(layout, node.at),
    node.length,
    node.row + 1,
    node.logProbability,
    node.probability,
    node.score ?? '',
    fateWords(node),
  ]),
});

function intoView(view: HTMLElement, { x, y, width, height }: DrawnNode): void {
  view.scrollLeft = scrollInto(x - 8, width + 16, view.clientWidth, view.scrollLeft);
  view.scrollTop = scrollInto(y - 8, height + 16, view.clientHeight, view.scrollTop);
}

/** A drawing by itself, whole: what is on the page has only what is in view. */
function markupOf(drawing: React.ReactNode): string {
  const holder = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const root = createRoot(holder);
  flushSync(() => root.render(drawing));
  const markup = holder.innerHTML;
  root.unmount();
  return markup;
}
