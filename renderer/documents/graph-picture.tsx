import type { TemplateEntry } from '../../engine/protocol/documents.ts';
import { familyColour } from '../canvas/colours.ts';

const card = { width: 180, height: 76 };

/** A graph in small: cards in the colours of their families, and the wires between them. */
export function GraphPicture({ graph: { nodes, wires } }: Pick<TemplateEntry, 'graph'>) {
  const left = Math.min(...nodes.map(({ x }) => x));
  const top = Math.min(...nodes.map(({ y }) => y));
  const width = Math.max(...nodes.map(({ x }) => x)) - left + card.width;
  const height = Math.max(...nodes.map(({ y }) => y)) - top + card.height;
  return (
    <svg
      className="graph-picture"
      viewBox={`${left - 8} ${top - 8} ${width + 16} ${height + 16}`}
      aria-hidden="true"
      focusable="false"
    >
      {wires.map(([from, to]) => {
        const [start, end] = [nodes[from], nodes[to]];
        return (
          start &&
          end && (
            <path
              key={`${from}-${to}`}
              className="graph-picture__wire"
              d={`M${start.x + card.width} ${start.y + card.height / 2}L${end.x} ${end.y + card.height / 2}`}
            />
          )
        );
      })}
      {nodes.map(({ x, y, family }) => (
        <rect
          key={`${x} ${y}`}
          x={x}
          y={y}
          width={card.width}
          height={card.height}
          rx={14}
          style={{ fill: familyColour(family) }}
        />
      ))}
    </svg>
  );
}
