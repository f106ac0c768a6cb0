import type { PlacedNode } from './cell-layout.ts';

export type Direction = 'left' | 'right' | 'up' | 'down';

/** The node that lies nearest in a direction; the first one where none is given. */
export function neighbour(nodes: readonly PlacedNode[], from: string | null, direction: Direction): string | null {
  const here = nodes.find(({ node }) => node.id === from);
  if (here === undefined) return nodes[0]?.node.id ?? null;
  const middle = ({ x, y, width, height }: PlacedNode) => ({ x: x + width / 2, y: y + height / 2 });
  const { x, y } = middle(here);
  const across = direction === 'left' || direction === 'right';
  const sign = direction === 'left' || direction === 'up' ? -1 : 1;
  const reached = nodes.flatMap((other) => {
    if (other === here) return [];
    const there = middle(other);
    const ahead = sign * (across ? there.x - x : there.y - y);
    const aside = Math.abs(across ? there.y - y : there.x - x);
    return ahead > 4 ? [{ id: other.node.id, far: ahead + 2.5 * aside }] : [];
  });
  return reached.toSorted((a, b) => a.far - b.far)[0]?.id ?? null;
}
