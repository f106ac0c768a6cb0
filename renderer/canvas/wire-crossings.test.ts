import fc from 'fast-check';
import { afterEach, expect, it } from 'vitest';
import { node, wire } from '../../engine/document/fixtures/graph-literals.ts';
import { emptyDocument, type UnrollDocument } from '../../engine/document/schema.ts';
import { templates } from '../../templates/registry.ts';
import { autoLayout } from './auto-layout.ts';
import { findWays, waysOf } from './find-ways.ts';
import { drawn, ended, unmeasured } from './laid-out.test-support.ts';
import { wireRuns } from './wire-curves.ts';
import type { Point } from './wire-geometry.ts';
import { wirePath } from './wire-path.ts';
import { useWays } from './wire-ways.ts';

afterEach(() => useWays.setState({ ways: new Map() }));

/** Pieces of a curve that are taken for straight. */
const fine = 24;

/** The points of an SVG path of M, L, Q and C. */
function pointsOf(path: string): readonly Point[] {
  const points: Point[] = [];
  for (const [, letter, numbers = ''] of path.matchAll(/([MLQC])([^MLQC]*)/g)) {
    const values = (numbers.match(/-?[\d.]+(?:e-?\d+)?/g) ?? []).map(Number);
    const ends = values.flatMap((x, i) => (i % 2 === 0 ? [{ x, y: values[i + 1] ?? 0 }] : []));
    const before = points.at(-1);
    if (letter === 'M' || letter === 'L' || !before) points.push(...ends);
    else for (let i = 1; i <= fine; i++) points.push(mixed([before, ...ends], i / fine));
  }
  return points;
}

/** De Casteljau's point of a Bézier curve. */
function mixed(corners: readonly Point[], t: number): Point {
  const [first = { x: 0, y: 0 }, ...rest] = corners;
  if (rest.length === 0) return first;
  return mixed(
    rest.map(({ x, y }, i) => ({ x: (corners[i]?.x ?? 0) * (1 - t) + x * t, y: (corners[i]?.y ?? 0) * (1 - t) + y * t })),
    t,
  );
}

const turn = (a: Point, b: Point, c: Point): number => Math.sign((b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x));

function cross(one: readonly Point[], other: readonly Point[]): boolean {
  return one.slice(1).some((b, i) => {
    const a = one[i] ?? b;
    return other.slice(1).some((d, j) => {
      const c = other[j] ?? d;
      return turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0;
    });
  });
}

/** Pairs of wires that cross as they are drawn; two from one port carry the same, and may run together. */
function crossings(document: UnrollDocument): readonly string[] {
  const flow = drawn(document);
  useWays.setState({ ways: waysOf(ended(findWays(document.edges, [...flow.values()]))) });
  const lines = wireRuns(document.edges, flow).map(({ id, start, from, end, to, way }) => ({
    id,
    out: `${start.x} ${start.y}`,
    points: pointsOf(wirePath(start, from, end, to, way)[0]),
  }));
  return lines.flatMap(({ id, out, points }, i) =>
    lines.slice(0, i).flatMap((other) => (out !== other.out && cross(points, other.points) ? [`${other.id} and ${id}`] : [])),
  );
}

it('two wires that cross are told from two that do not', () => {
  const line = (...ends: readonly (readonly [number, number])[]): readonly Point[] => ends.map(([x, y]) => ({ x, y }));
  expect(cross(line([0, 0], [10, 10]), line([0, 10], [4, 6], [10, 0]))).toBe(true);
  expect(cross(line([0, 0], [10, 10]), line([0, 10], [4, 6], [10, 11]))).toBe(false);
  expect(pointsOf('M0 0L4 0C8 0 8 8 4 8')).toContainEqual({ x: 7, y: 4 });
});

const documents = templates.map(({ info, document }) => ({ name: info.name, document }));

it.each(documents)('no wires of the template $name cross, as it opens and arranged', ({ document }) => {
  expect(crossings(document())).toEqual([]);
  expect(crossings(autoLayout(document(), unmeasured))).toEqual([]);
});

it.each(documents)('nor in whichever order the layers and the wires of $name came into the document', ({ document }) => {
  const { nodes, edges, ...rest } = document();
  const shuffled = <T>(all: readonly T[]): fc.Arbitrary<T[]> =>
    fc.shuffledSubarray([...all], { minLength: all.length, maxLength: all.length });
  fc.assert(
    fc.property(shuffled(nodes), shuffled(edges), (someNodes, someEdges) => {
      expect(crossings(autoLayout({ ...rest, nodes: someNodes, edges: someEdges }, unmeasured))).toEqual([]);
    }),
    { numRuns: 8, seed: 2026 },
  );
});

it('nor those of an encoder and a decoder that share a cell', () => {
  const kinds = { in: 'token-input', embed: 'embedding', encoder: 'recurrent', cell: 'gru-cell', said: 'target-input' } as const;
  const wires = ['in.tokens > embed.tokens', 'embed.sequence > encoder.sequence', 'cell.cell > encoder.cell'];
  const into = ['encoder.output > decoder.memory', 'encoder.state > decoder.initial', 'cell.cell > decoder.cell'];
  const beside = ['said.tokens > words.tokens', 'words.sequence > decoder.sequence', 'decoder.output > head.input'];
  const document = {
    ...emptyDocument(),
    nodes: Object.entries({ ...kinds, words: 'embedding', decoder: 'decoder', head: 'dense-softmax' }).map(([id, kind]) =>
      node(id, kind),
    ),
    edges: [...wires, ...into, ...beside].map(wire),
  };
  expect(crossings(autoLayout(document, unmeasured))).toEqual([]);
});
