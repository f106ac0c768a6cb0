import { cardSize } from '../canvas/make-room.ts';
import type { Direction } from './wrapper-runs.ts';

const { width } = cardSize;
/** How far beside the card's edges the loop leaves and meets it, and its height, px. */
const [inset, height] = [30, 24];
/** Side of the square, px. */
const side = 12;

const path = `M${width - inset} ${height}V${height - 8}Q${width - inset} 6 ${width - inset - 12} 6H${inset + 12}Q${inset} 6 ${inset} ${height - 8}V${height}`;
const head = (x: number): string => `M${x - 4} ${height - 7}L${x} ${height - 1}l4 -6`;

/**
 * A wrapper, folded: what it knows after a step comes back to it one step later (row L24). The square is the delay, as in the lectures'
 * compact graph; backwards the loop runs the other way.
 */
export function DelayLoop({ directions }: { readonly directions: readonly Direction[] }) {
  const words = directions
    .map((direction) => (direction === 'forward' ? 'one step later' : 'one step earlier, as it reads backwards'))
    .join(', and ');
  return (
    <svg className="delay-loop" width={width} height={height} role="img" aria-label={`Its state comes back ${words}`}>
      <path d={path} />
      {directions.map((direction) => (
        <path key={direction} d={head(direction === 'forward' ? inset : width - inset)} />
      ))}
      <rect x={(width - side) / 2} y={0} width={side} height={side}>
        <title>{`Delay of one step: the state comes back ${words}`}</title>
      </rect>
    </svg>
  );
}
