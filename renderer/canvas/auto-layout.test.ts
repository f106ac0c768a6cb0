import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { node, wire } from '../../engine/document/fixtures/graph-literals.ts';
import { emptyDocument, type UnrollDocument } from '../../engine/document/schema.ts';
import { frameMembers } from '../../engine/graph/frames.ts';
import { autoLayout } from './auto-layout.ts';
import { cardRect, commentRect, overlaps } from './comments-aside.ts';
import type { Rect } from './view.ts';

const unmeasured = new Map<string, { width: number; height: number }>();
const sizesOf = (document: UnrollDocument) => new Map(document.nodes.map((one) => [one.id, cardRect(document, one, unmeasured)]));
const arrange = (document: UnrollDocument): UnrollDocument => autoLayout(document, unmeasured);
const placeOf = ({ nodes }: UnrollDocument, id: string) =>
  nodes.find((one) => one.id === id)?.position ?? { x: Number.NaN, y: 0 };

const tagger: UnrollDocument = {
  ...emptyDocument(),
  nodes: [
    node('in', 'token-input'),
    node('embed', 'embedding'),
    node('both', 'bidirectional'),
    node('cell', 'lstm-cell'),
    node('head', 'dense-softmax'),
  ],
  edges: ['in.tokens > embed.tokens', 'embed.sequence > both.sequence', 'cell.cell > both.cell', 'both.output > head.input'].map(
    wire,
  ),
};

/** `length` layers one after the other, every third of them recurrent with a cell. */
function chain(length: number): UnrollDocument {
  const kinds = Array.from({ length }, (_, i) => (i % 3 === 2 ? 'recurrent' : 'dropout'));
  const cells = kinds.flatMap((kind, i) => (kind === 'recurrent' ? [i] : []));
  const [input, output] = [(i: number) => (kinds[i] === 'recurrent' ? 'sequence' : 'input'), () => 'output'];
  return {
    ...emptyDocument(),
    nodes: [...kinds.map((kind, i) => node(`n${i}`, kind)), ...cells.map((i) => node(`c${i}`, 'gru-cell'))],
    edges: [
      ...kinds.slice(1).map((_, i) => `n${i}.${output()} > n${i + 1}.${input(i + 1)}`),
      ...cells.map((i) => `c${i}.cell > n${i}.cell`),
    ].map(wire),
  };
}

it('lays the path from left to right in a line, a cell under its wrapper', () => {
  const placed = arrange(tagger);
  const path = ['in', 'embed', 'both', 'head'].map((id) => placeOf(placed, id));
  expect(path.map(({ x }) => x)).toEqual(path.map(({ x }) => x).toSorted((a, b) => a - b));
  expect(new Set(path.map(({ x }) => x)).size).toBe(4);
  expect(new Set(path.map(({ y }) => y)).size).toBe(1);
  expect(placeOf(placed, 'cell').x).toBe(placeOf(placed, 'both').x);
  expect(placeOf(placed, 'cell').y).toBeGreaterThan(placeOf(placed, 'both').y + 62);
});

it('leaves the path a line where a cell runs in several of its layers', () => {
  const shared: UnrollDocument = {
    ...tagger,
    nodes: [...tagger.nodes, node('one', 'recurrent'), node('drop', 'dropout')],
    edges: [
      ...tagger.edges.filter(({ to }) => to.node !== 'head'),
      ...['both.output > drop.input', 'drop.output > one.sequence', 'one.output > head.input', 'cell.cell > one.cell'].map(wire),
    ],
  };
  const placed = arrange(shared);
  const path = ['in', 'embed', 'both', 'drop', 'one', 'head'].map((id) => placeOf(placed, id));
  expect(new Set(path.map(({ y }) => y)).size).toBe(1);
  expect(path.map(({ x }) => x)).toEqual(path.map(({ x }) => x).toSorted((a, b) => a - b));
  expect(placeOf(placed, 'cell').x).toBe(placeOf(placed, 'both').x);
});

describe('a long chain', () => {
  const placed = arrange(chain(30));
  const path = Array.from({ length: 30 }, (_, i) => placeOf(placed, `n${i}`));
  const rects = placed.nodes.map((one) => cardRect(placed, one, unmeasured));
  const extent = (low: 'x' | 'y', size: 'width' | 'height') =>
    Math.max(...rects.map((r) => r[low] + r[size])) - Math.min(...rects.map((r) => r[low]));

  it('is folded into rows of about 16 : 10, each from left to right', () => {
    const shape = extent('x', 'width') / extent('y', 'height');
    expect(shape).toBeGreaterThan(1);
    expect(shape).toBeLessThan(2.4);
    for (const [i, { x, y }] of path.slice(1).entries()) {
      const before = path[i];
      if (!before) throw new Error('no path');
      if (x > before.x) expect(Math.abs(y - before.y)).toBeLessThan(40);
      else expect({ x, below: y > before.y + 62 }).toEqual({ x: Math.min(...path.map((p) => p.x)), below: true });
    }
  });

  it('has its rows so far apart that the wires between them cross no card', () => {
    let returns = 0;
    for (const [i, to] of path.slice(1).entries()) {
      const from = path[i] ?? to;
      if (to.x > from.x) continue;
      returns++;
      // The first port of a card is 29 px down its side.
      const halfway: Rect = { x: to.x, y: (from.y + to.y) / 2 + 29, width: from.x - to.x, height: 1 };
      expect(rects.filter((rect) => overlaps(rect, halfway))).toEqual([]);
    }
    expect(returns).toBeGreaterThan(1);
  });

  it('stays one row where all of it can be seen at once', () => {
    expect(new Set(['n0', 'n1', 'n3', 'n4'].map((id) => placeOf(arrange(chain(6)), id).y)).size).toBe(1);
  });
});

const at = fc.record({ x: fc.integer({ min: -900, max: 900 }), y: fc.integer({ min: -900, max: 900 }) });
const size = (least: number, most: number) =>
  fc.record({ width: fc.integer({ min: least, max: most }), height: fc.integer({ min: least, max: most }) });
/** Any graph, without a cycle, with comments and frames anywhere. */
const graphs: fc.Arbitrary<UnrollDocument> = fc
  .record({
    nodes: fc.array(fc.record({ kind: fc.constantFrom('dense', 'concat', 'recurrent', 'gru-cell'), position: at }), {
      maxLength: 24,
    }),
    wires: fc.array(fc.tuple(fc.nat(23), fc.nat(23)), { maxLength: 30 }),
    comments: fc.array(fc.record({ text: fc.constant(''), position: at, size: size(40, 300) }), { maxLength: 4 }),
    frames: fc.array(
      fc.record({ title: fc.constant(''), colour: fc.constant('grey' as const), position: at, size: size(40, 1200) }),
      {
        maxLength: 3,
      },
    ),
  })
  .map(({ nodes, wires, comments, frames }) => ({
    ...emptyDocument(),
    nodes: nodes.map((one, i) => ({ id: `n${i}`, params: {}, ...one })),
    edges: wires
      .filter(([a, b]) => a < b && b < nodes.length)
      .map(([a, b], i) => {
        const cell = nodes[a]?.kind === 'gru-cell';
        return {
          id: `w${i}`,
          from: { node: `n${a}`, port: cell ? 'cell' : 'output' },
          to: { node: `n${b}`, port: cell ? 'cell' : 'input' },
        };
      }),
    comments: comments.map((one, i) => ({ id: `c${i}`, ...one })),
    frames: frames.map((one, i) => ({ id: `f${i}`, ...one })),
  }));

describe('of any graph', () => {
  it('nothing overlaps, and nothing but places and frames is changed', () => {
    fc.assert(
      fc.property(graphs, (document) => {
        const placed = arrange(document);
        const rects = [...placed.nodes.map((one) => cardRect(placed, one, unmeasured)), ...placed.comments.map(commentRect)];
        for (const [i, a] of rects.entries()) for (const b of rects.slice(i + 1)) expect(overlaps(a, b)).toBe(false);
        const still = ({ nodes, comments, frames, ...rest }: UnrollDocument) => ({
          ...rest,
          nodes: nodes.map(({ position: _, ...one }) => one),
          comments: comments.map(({ position: _, ...one }) => one),
          frames: frames.map(({ position: _p, size: _s, ...one }) => one),
        });
        expect(still(placed)).toEqual(still(document));
      }),
    );
  });

  it('what lies in a frame stays in it, and nothing else comes to lie there', () => {
    let inFrames = 0;
    fc.assert(
      fc.property(graphs, (many) => {
        // Of two frames that lie across each other, what lies in both can stay in one only.
        const document = { ...many, frames: many.frames.slice(0, 1) };
        const placed = arrange(document);
        const sizes = sizesOf(document);
        for (const { id } of document.frames) {
          const members = (of: UnrollDocument) => [...frameMembers(of, id, (one) => sizes.get(one))].sort();
          inFrames += members(document).length;
          expect(members(placed)).toEqual(members(document));
        }
      }),
    );
    expect(inFrames).toBeGreaterThan(20);
  });
});

it('a comment goes with the node that it stands beside, one that stands alone stays', () => {
  const size = { width: 100, height: 40 };
  const noted: UnrollDocument = {
    ...tagger,
    nodes: tagger.nodes.map((one, i) => ({ ...one, position: { x: 0, y: 400 * i } })),
    comments: [
      { id: 'beside', text: '', position: { x: 0, y: 400 - 60 }, size },
      { id: 'alone', text: '', position: { x: -2000, y: -2000 }, size },
    ],
  };
  const placed = arrange(noted);
  const [beside, alone] = placed.comments;
  const embed = placeOf(placed, 'embed');
  expect(beside?.position).toEqual({ x: embed.x, y: embed.y - 60 });
  expect(alone?.position).toEqual({ x: -2000, y: -2000 });
});
