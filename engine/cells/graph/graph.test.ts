import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../random.ts';
import { compileCell } from '../cell-program.ts';
import { parseCell } from '../language/parse.ts';
import { cellLibrary } from '../library.ts';
import { randomCell } from '../random-cell.test-support.ts';
import { cellOf } from '../registry.ts';
import { addGate, addOperation, addState } from './add.ts';
import type { CellGraph } from './cell-graph.ts';
import { actionOf, functions, operations, setAction, wire } from './change.ts';
import { type Edited, rename } from './edit.ts';
import { printGraph } from './print-graph.ts';
import { readGraph } from './read-graph.ts';
import { removeItems } from './remove.ts';

const lstm = cellOf('lstm-cell', { hidden: 4 }).equations;
const edited = (text: string, edit: (graph: CellGraph) => Edited): string => {
  const result = edit(readGraph(text));
  return result.ok ? printGraph(result.graph) : `refused: ${result.message}`;
};
const remove = (text: string, ...ids: readonly string[]): string => edited(text, (graph) => removeItems(graph, new Set(ids)));
const wireFrom = (graph: CellGraph, from: string, to: string): string =>
  graph.wires.find((one) => one.from === from && one.to === to)?.id ?? 'none';

/** A graph whose lines were all read and none is known any more: each is printed anew. */
const anew = (graph: CellGraph): CellGraph => ({ ...graph, lines: graph.lines.map((line) => ({ ...line, text: null })) });
const bare = (text: string): unknown =>
  JSON.parse(JSON.stringify(parseCell(text), (key, value) => (key === 'column' ? undefined : value)));

describe('text → tree → graph → tree → text', () => {
  const texts = fc.oneof(
    fc.nat(1e6).map((seed) => randomCell(new Random(seed))),
    fc.constantFrom(...cellLibrary.map(({ equations }) => equations), lstm),
  );

  it('gives every text back as it was, and the same tree from nodes and wires alone', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const graph = readGraph(text);
        expect(printGraph(graph)).toBe(text);
        expect(bare(printGraph(anew(graph)))).toEqual(bare(text));
      }),
      { numRuns: 150 },
    );
  });

  it('keeps spaces, comments, empty lines and what cannot be read', () => {
    const text = "# mine\n\nf=sigmoid( W_f x+b_f )   # gate\nq = = 2\nh' =  f*h\nstart  b_f = 1";
    expect(printGraph(readGraph(text))).toBe(text);
    expect(edited(text, (graph) => rename(graph, 'f', 'z'))).toBe(
      "# mine\n\nz = sigmoid(W_f x + b_f)  # gate\nq = = 2\nh' = z * h\nstart  b_f = 1",
    );
  });

  it('any edits of the graph give a text that is read as that graph, with other lines as they were', () => {
    const pick = <T>(items: readonly T[], at: number): T | undefined => items[at % Math.max(1, items.length)];
    const step = fc.record({ what: fc.nat(6), at: fc.nat(1000), other: fc.nat(1000) });
    let refusals = 0;
    let done = 0;
    fc.assert(
      fc.property(texts, fc.array(step, { minLength: 1, maxLength: 6 }), (first, steps) => {
        let text = first;
        for (const { what, at, other } of steps) {
          const graph = readGraph(text);
          const [node, target] = [pick(graph.nodes, at)?.id ?? '', pick(graph.nodes, other)?.id ?? ''];
          const drawn = pick(graph.wires, at);
          const edits: readonly (() => Edited)[] = [
            () => removeItems(graph, new Set([node])),
            () => removeItems(graph, new Set([drawn?.id ?? node])),
            () => rename(graph, node, `v${other}`),
            () => setAction(graph, node, pick([...functions, ...operations], other) ?? null),
            () => wire(graph, node, target, drawn?.to === target ? drawn.slot : null),
            () => pick([addGate, addState], other)?.(graph) ?? addGate(graph),
            () => addOperation(graph, pick([...functions, ...operations], other) ?? '+', [drawn?.id ?? node]),
          ];
          const result = edits[what]?.();
          if (!result?.ok) {
            refusals++;
            continue;
          }
          done++;
          const next = printGraph(result.graph);
          expect(parseCell(next).ok, next).toBe(true);
          expect(bare(printGraph(anew(readGraph(next))))).toEqual(bare(next));
          const kept = text.split('\n').filter((line) => next.split('\n').includes(line));
          expect(next.split('\n').filter((line) => kept.includes(line)).length).toBeGreaterThanOrEqual(kept.length);
          text = next;
        }
      }),
      { numRuns: 150 },
    );
    expect(Math.min(done, refusals)).toBeGreaterThan(30);
  });

  it('a cell stays one that can be trained when gates are added, renamed and taken away', () => {
    const text = edited(
      edited(lstm, (graph) => rename(graph, 'i', 'gate')),
      addState,
    );
    expect(compileCell(text, 4).ok).toBe(true);
    for (const { equations } of cellLibrary) {
      const graph = readGraph(equations);
      for (const node of graph.nodes) {
        const result = removeItems(graph, new Set([node.id]));
        if (result.ok) expect(parseCell(printGraph(result.graph)).ok, `${equations}\nwithout ${node.id}`).toBe(true);
      }
    }
  });
});

describe('nodes', () => {
  const shown = (text: string): readonly string[] => {
    const graph = readGraph(text);
    return graph.nodes.map(({ id }) =>
      `${id} ← ${graph.wires
        .filter((one) => one.to === id)
        .map(({ from }) => from)
        .join(' ')}`.trim(),
    );
  };

  it('gates are one node each, products and functions of values their own', () => {
    expect(shown(lstm)).toEqual([
      'in:x ←',
      'in:c ←',
      'in:h ←',
      'i ← in:x in:h',
      'f ← in:x in:h',
      'g ← in:x in:h',
      "c' ← c'/0 c'/1",
      "c'/0 ← f in:c",
      "c'/1 ← i g",
      'o ← in:x in:h',
      "h' ← o h'/1",
      "h'/1 ← c'",
      "out:c' ← c'",
      "out:h' ← h'",
    ]);
  });

  it('what a gate has besides what is learned is an operand of it', () => {
    expect(shown("h' = sigmoid(layernorm(W x + U h) + b)").filter((line) => line.startsWith('h'))).toEqual(["h' ← in:x in:h"]);
    const lines = shown("n = tanh(W_n x + b_n + h * (U_n h + b_h))\nh' = n");
    expect(lines.filter((line) => line.startsWith('n'))).toEqual(['n ← in:x n/1', 'n/1 ← in:h n/1/1', 'n/1/1 ← in:h']);
  });
});

describe('edits', () => {
  it('without its output gate an LSTM gives tanh of its state', () => {
    expect(remove(lstm, 'o')).toBe(
      lstm.replace('o = sigmoid(W_o x + b_xo + U_o h + b_ho)\n', '').replace("h' = o * tanh(c')", "h' = tanh(c')"),
    );
  });

  it('a value goes with the lines about it, and with what was made from it alone', () => {
    const text =
      "f = sigmoid(W_f x + b_f)  # forget\nm = V f\nk = tanh(f)\nwidth m = 2\nstart b_f = 1\nh' = (1 - f) * h + k * W x";
    expect(remove(text, 'f')).toBe("h' = h + W x");
    expect(remove(text, 'in:x')).toMatch(/^refused: x is/);
    expect(remove("h' = W x + U h", "h'")).toMatch(/at least one state/);
    expect(remove("c' = W x + U c\nh' = tanh(c')", 'in:c')).toMatch(/at least one state|refused/);
  });

  it('a wire takes its term, factor or side with it; a part of a line gives way to what it is made from', () => {
    const one = "h' = sigmoid(W x + U h + b)\n";
    expect(edited(one, (graph) => removeItems(graph, new Set([wireFrom(graph, 'in:h', "h'")])))).toBe("h' = sigmoid(W x + b)\n");
    const two = "a = W x\nh' = a - tanh(h)\nout = 1 / h'";
    expect(edited(two, (graph) => removeItems(graph, new Set([wireFrom(graph, 'a', "h'")])))).toBe(
      "a = W x\nh' = -tanh(h)\nout = 1 / h'",
    );
    expect(remove(two, "h'/1")).toBe("a = W x\nh' = a - h\nout = 1 / h'");
    expect(remove(two, 'out:out')).toBe("a = W x\nh' = a - tanh(h)");
  });

  it('a new wire is one more term, factor or value, with a line of its own for a part that is read twice', () => {
    const text = "f = sigmoid(W_f x + b_f)\nc' = f * c\nh' = f * tanh(c')";
    expect(edited(text, (graph) => wire(graph, 'in:h', 'f', null))).toMatch(/^f = sigmoid\(W_f x \+ b_f \+ U_f h\)\n/);
    expect(edited(text, (graph) => wire(graph, 'in:h', "c'", null))).toContain("c' = f * c * h");
    expect(edited(text, (graph) => wire(graph, 'f', "h'/1", null))).toContain("h' = f * tanh(c' + f)");
    expect(edited(text, (graph) => wire(graph, "h'/1", "out:h'", null))).toBe(
      "f = sigmoid(W_f x + b_f)\nc' = f * c\na = tanh(c')\nh' = a",
    );
    expect(edited(text, (graph) => wire(graph, "h'/1", "h'", 0))).toBe(
      "f = sigmoid(W_f x + b_f)\nc' = f * c\na = tanh(c')\nh' = a * a",
    );
  });

  it('lines move so that values are given before they are read, and a circle is refused', () => {
    const text = "# two\nf = sigmoid(W_f x)\ng = tanh(W_g x)  # candidate\nh' = f * g";
    expect(edited(text, (graph) => wire(graph, 'g', 'f', null))).toBe(
      "# two\ng = tanh(W_g x)  # candidate\nf = sigmoid(W_f x + U_f g)\nh' = f * g",
    );
    expect(edited(text, (graph) => wire(graph, "h'", 'f', null))).toMatch(/^refused: .* would be made from itself/);
  });

  it('functions and operations change in their place, and are put into wires', () => {
    expect(edited(lstm, (graph) => setAction(graph, 'i', 'softmax'))).toBe(lstm.replace('i = sigmoid', 'i = softmax'));
    expect(edited(lstm, (graph) => setAction(graph, 'i', null))).toContain('i = W_i x + b_xi + U_i h + b_hi\n');
    expect(edited(lstm, (graph) => setAction(graph, "c'", 'max'))).toContain("c' = max(f * c, i * g)");
    const into = (from: string, to: string, name: string): string =>
      edited(lstm, (graph) => addOperation(graph, name, [wireFrom(graph, from, to)]));
    expect(into('g', "c'/1", 'layernorm')).toContain("c' = f * c + i * layernorm(g)");
    expect(into("h'", "out:h'", 'relu')).toContain("h' = relu(o * tanh(c'))");
    expect(edited(lstm, (graph) => addOperation(graph, '*', ['f', 'in:c']))).toContain('\na = f * c\n');
    const action = readGraph(lstm).nodes.flatMap((node) =>
      node.kind === 'operation' && node.id === 'i' ? [actionOf(node)] : [],
    );
    expect(action).toEqual([{ kind: 'function', name: 'sigmoid' }]);
  });

  it('a state is renamed with its next value, its width and its start', () => {
    expect(edited("s' = W x + U s\nh' = V s'\nwidth s = 2", (graph) => rename(graph, 'in:s', 'slow'))).toBe(
      "slow' = W x + U slow\nh' = V slow'\nwidth slow = 2",
    );
    for (const name of ['x', 'W', 'b_q', 'tanh', 'f', '1', '', 'out'])
      expect(
        edited(lstm, (graph) => rename(graph, 'i', name)),
        name,
      ).toMatch(/^refused/);
  });

  it('a gate and a state that are added can be trained at once', () => {
    expect(edited('', addState)).toBe("h' = tanh(W_h x + U_h h + b_h)");
    const text = edited(edited("h' = tanh(W x + U h)", addGate), addState);
    expect(text).toBe("h' = tanh(W x + U h)\nf = sigmoid(W_f x + U_f h + b_f)\nc' = tanh(W_c x + U_c c + b_c)");
    expect(compileCell(text, 4).ok).toBe(true);
  });
});
