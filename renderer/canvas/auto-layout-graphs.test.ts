import fc from 'fast-check';
import { expect, it } from 'vitest';
import { node, wire } from '../../engine/document/fixtures/graph-literals.ts';
import { emptyDocument, type UnrollDocument } from '../../engine/document/schema.ts';
import { frameMembers } from '../../engine/graph/frames.ts';
import { autoLayout } from './auto-layout.ts';
import { cardRect, overlaps } from './comments-aside.ts';
import { findWays, waysOf } from './find-ways.ts';
import { drawn, ended, unmeasured } from './laid-out.test-support.ts';
import { type WireRun, wireRuns } from './wire-curves.ts';
import { wireThrough } from './wire-geometry.ts';
import { useWays } from './wire-ways.ts';

const at = fc.record({ x: fc.integer({ min: -900, max: 900 }), y: fc.integer({ min: -900, max: 900 }) });
const size = fc.record({ width: fc.integer({ min: 40, max: 1200 }), height: fc.integer({ min: 40, max: 1200 }) });

/** Graphs without a cycle, whose wires lead on by up to `skip` nodes; each wrapper has one cell. */
const graphs = (nodes: number, wires: number, skip: number, frames: number): fc.Arbitrary<UnrollDocument> =>
  fc
    .record({
      nodes: fc.array(fc.record({ kind: fc.constantFrom('dense', 'concat', 'recurrent', 'gru-cell'), position: at }), {
        minLength: 8,
        maxLength: nodes,
        size: 'max',
      }),
      wires: fc.array(fc.tuple(fc.nat(nodes - 1), fc.integer({ min: 1, max: skip })), {
        minLength: wires >> 1,
        maxLength: wires,
        size: 'max',
      }),
      frames: fc.array(fc.record({ title: fc.constant(''), colour: fc.constant('grey' as const), position: at, size }), {
        maxLength: frames,
      }),
    })
    .map((drawn) => {
      const kindOf = (i: number) => drawn.nodes[i]?.kind;
      const inputs = new Map([
        ['dense', 'input'],
        ['concat', 'inputs'],
        ['recurrent', 'sequence'],
      ]);
      const ends = drawn.wires.flatMap(([a, by]) => {
        const port =
          kindOf(a) === 'gru-cell' ? (kindOf(a + by) === 'recurrent' ? 'cell' : undefined) : inputs.get(kindOf(a + by) ?? '');
        return port === undefined ? [] : [{ a, b: a + by, port }];
      });
      const one = ends.filter(({ b, port }, i) => port !== 'cell' || ends.findIndex((e) => e.b === b && e.port === port) === i);
      return {
        ...emptyDocument(),
        nodes: drawn.nodes.map((node, i) => ({ id: `n${i}`, params: {}, ...node })),
        edges: one.map(({ a, b, port }, i) => ({
          id: `w${i}`,
          from: { node: `n${a}`, port: port === 'cell' ? 'cell' : 'output' },
          to: { node: `n${b}`, port },
        })),
        frames: drawn.frames.map((frame, i) => ({ id: `f${i}`, ...frame })),
      };
    });

it('no card comes to lie in a frame, or on its edge, that it did not lie in before, by itself or with a frame in it', () => {
  let framed = 0;
  fc.assert(
    fc.property(graphs(20, 24, 19, 4), (document) => {
      const sizes = new Map(document.nodes.map((node) => [node.id, cardRect(document, node, unmeasured)]));
      const within = (frame: string): ReadonlySet<string> => {
        const members = frameMembers(document, frame, (id) => sizes.get(id));
        return new Set([...members].flatMap((id) => (id.startsWith('f') ? [...within(id)] : [id])));
      };
      const placed = autoLayout(document, unmeasured);
      for (const { id, position, size: area } of placed.frames) {
        const members = within(id);
        framed += members.size;
        const found = placed.nodes.filter((node) => overlaps(cardRect(placed, node, unmeasured), { ...position, ...area }));
        expect(found.map((node) => node.id).filter((node) => !members.has(node))).toEqual([]);
      }
    }),
  );
  expect(framed).toBeGreaterThan(50);
});

/** The cards that a wire lies behind. */
const behind = (run: WireRun, document: UnrollDocument): readonly string[] =>
  document.nodes.flatMap((node) => {
    const { x, y, width, height } = cardRect(document, node, unmeasured);
    const inner = { x: x + 4, y: y + 4, width: width - 8, height: height - 8 };
    return node.id !== run.source && node.id !== run.target && wireThrough([run], inner) !== null ? [node.id] : [];
  });

it.each([
  [12, 14, 2],
  [30, 36, 12],
  [60, 70, 3],
] as const)('of %i nodes and %i wires, no wire that leads on to the right lies behind a card', (nodes, wires, skip) => {
  let long = 0;
  fc.assert(
    fc.property(graphs(nodes, wires, skip, 0), (document) => {
      const placed = autoLayout(document, unmeasured);
      const flow = drawn(placed);
      for (const run of wireRuns(placed.edges, flow)) {
        if (run.vertical || run.end.x < run.start.x) continue;
        if (run.end.x > run.start.x + 200) long++;
        expect(behind(run, placed)).toEqual([]);
      }
    }),
    // What is found is found by trying: the same graphs each time.
    { numRuns: 80, seed: 2026 },
  );
  expect(long).toBeGreaterThan(10);
});

/** Chains of layers, long enough for several rows, with wires that lead past others and a few cells that all of them share. */
const chains: fc.Arbitrary<UnrollDocument> = fc
  .record({
    kinds: fc.array(fc.constantFrom('dropout', 'concat', 'recurrent'), { minLength: 8, maxLength: 36, size: 'max' }),
    past: fc.array(fc.tuple(fc.nat(35), fc.nat(35)), { maxLength: 6, size: 'max' }),
    cells: fc.integer({ min: 1, max: 3 }),
  })
  .map(({ kinds, past, cells }) => {
    const inputs = { dropout: 'input', concat: 'inputs', recurrent: 'sequence' } as const;
    const on = kinds.slice(1).map((kind, i) => wire(`n${i}.output > n${i + 1}.${inputs[kind]}`));
    const long = past.flatMap(([a, b]) => (a + 1 < b && kinds[b] === 'concat' ? [wire(`n${a}.output > n${b}.inputs`)] : []));
    const run = kinds.flatMap((kind, i) => (kind === 'recurrent' ? [wire(`c${i % cells}.cell > n${i}.cell`)] : []));
    return {
      ...emptyDocument(),
      nodes: [
        ...kinds.map((kind, i) => node(`n${i}`, kind)),
        ...Array.from({ length: cells }, (_, i) => node(`c${i}`, 'gru-cell')),
      ],
      edges: [...new Map([...on, ...long, ...run].map((edge) => [edge.id, edge])).values()],
    };
  });

it('over several rows, and from one cell to many layers, no wire lies behind a card once it is led around', () => {
  let turned = 0;
  fc.assert(
    fc.property(chains, (document) => {
      const placed = autoLayout(document, unmeasured);
      const flow = drawn(placed);
      useWays.setState({ ways: waysOf(ended(findWays(placed.edges, [...flow.values()]))) });
      for (const run of wireRuns(placed.edges, flow)) {
        if (run.way) turned++;
        expect(behind(run, placed)).toEqual([]);
      }
    }),
    { numRuns: 12, seed: 2026 },
  );
  useWays.setState({ ways: new Map() });
  expect(turned).toBeGreaterThan(10);
});

it('a wire that nothing is in the way of stays a curve, however short; a cell’s that leads down is led around', () => {
  const at = (id: string, kind: string, x: number, y: number) => ({ ...node(id, kind), position: { x, y } });
  const laid: UnrollDocument = {
    ...emptyDocument(),
    nodes: [at('one', 'recurrent', 0, 0), at('near', 'gru-cell', 0, 90), at('two', 'recurrent', 600, 400)],
    edges: ['near.cell > one.cell', 'near.cell > two.cell', 'one.output > two.sequence'].map(wire),
  };
  const { wires } = ended(findWays(laid.edges, [...drawn(laid).values()]));
  expect([...wires].map(([id, { way }]) => [id, way !== null])).toEqual([
    ['near-cell-one-cell', false],
    ['near-cell-two-cell', true],
    ['one-output-two-sequence', false],
  ]);
});
