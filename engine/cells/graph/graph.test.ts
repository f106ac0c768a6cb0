import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../random.ts';
import { compileCell } from '../cell-program.ts';
import { parseCell } from '../language/parse.ts';
import { languageLimits } from '../language/tree.ts';
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
          const ids = new Set(result.graph.nodes.map(({ id }) => id));
          expect(result.graph.wires.filter(({ from, to }) => !ids.has(from) || !ids.has(to))).toEqual([]);
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
    const weighed = shown("f = sigmoid(W_f x + p_f * c)\nb = x + b_f\nm = x - k_g * c\nc' = f");
    expect(weighed.slice(2, 5)).toEqual(['f ← in:x in:c', 'b ← in:x', 'm ← in:x in:c']);
  });

  it('a name that is given twice is read as the first', () => {
    expect(shown("f = x + 1\nf = f * 2\nc' = f")).toEqual(['in:x ←', 'in:c ←', 'f ← in:x', 'f@2 ← f', "c' ← f", "out:c' ← c'"]);
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

  it('what is left of a quotient, of two values of which the smaller counts, and of numbers', () => {
    const text = "a = W x\nq = a / h\nm = min(a, q)\nh' = q + tanh(m)";
    const cut = (at: string, from: string, to: string): string =>
      edited(at, (graph) => removeItems(graph, new Set([wireFrom(graph, from, to)])));
    expect(cut(text, 'a', 'q')).toBe(text.replace('a / h', '1 / h'));
    expect(cut(text, 'h', 'q')).toBe(text);
    expect(cut(text, 'in:h', 'q')).toBe(text.replace('a / h', 'a'));
    expect(cut(text, 'a', 'm')).toBe(text.replace('min(a, q)', 'q'));
    expect(cut("f = h * (2 - x) * 3\nh' = f", 'in:x', 'f/0/1')).toBe("f = h * 2 * 3\nh' = f");
    expect(cut("f = h * (1 - x)\nh' = f", 'in:x', 'f/1')).toBe("f = h\nh' = f");
    expect(cut(text, "h'", "out:h'")).toMatch(/^refused: h' is what the step gives/);
  });

  it('a value more is a factor of a quotient, a third one of min, a term of a difference, and has a matrix of its own in a gate', () => {
    const text = "a = W x\nq = a / h\nm = min(a, q)\nd = a - q\nh' = q + tanh(m) * d";
    const more = (at: string, from: string, to: string): string => edited(at, (graph) => wire(graph, from, to, null));
    expect(more(text, 'in:h', 'q')).toBe(text.replace('a / h', 'a / h * h'));
    expect(more(text, 'in:h', 'm')).toBe(text.replace('min(a, q)', 'min(min(a, q), h)'));
    expect(more(text, 'in:h', 'd')).toBe(text.replace('a - q', 'a - q + h'));
    const gate = "f = sigmoid(W_f x + U_f h)\nh' = f";
    expect(more(gate, 'in:h', 'f')).toBe(gate.replace('U_f h', 'U_f h + V_f h'));
    expect(more(gate, 'in:x', 'f')).toBe(gate.replace('U_f h', 'U_f h + V_f x'));
    expect(more("f = sigmoid(U_f h)\nh' = f", 'in:x', 'f')).toBe("f = sigmoid(U_f h + W_f x)\nh' = f");
    expect(more(gate, "h'", "out:h'")).toBe(gate);
    for (const [from, to] of [
      ["out:h'", 'f'],
      ['f', 'in:x'],
      ['f', 'f'],
      ['none', 'f'],
      ['f', 'none'],
    ] as const)
      expect(more(gate, from, to), `${from} ${to}`).toMatch(/^refused/);
  });

  it('what can be changed of a node is the function of one value, or the operation of two', () => {
    const text = "a = min(x, h)\nb = sigmoid(x)\nc = W x\nd = a\ne = -a\ng = a * b\nh' = g";
    const actions = readGraph(text).nodes.flatMap((node) => (node.kind === 'operation' ? [[node.id, actionOf(node)?.name]] : []));
    expect(Object.fromEntries(actions)).toEqual({ a: 'min', b: 'sigmoid', c: null, d: null, e: undefined, g: '*', "h'": null });
    const set = (id: string, name: string | null): string => edited(text, (graph) => setAction(graph, id, name));
    expect(set('a', '+')).toBe(text.replace('min(x, h)', 'x + h'));
    expect(set('g', 'max')).toBe(text.replace('a * b', 'max(a, b)'));
    expect(set('c', 'tanh')).toBe(text.replace('W x', 'tanh(W x)'));
    expect(set('b', null)).toBe(text.replace('sigmoid(x)', 'x'));
    for (const [id, name] of [
      ['a', null],
      ['a', 'tanh'],
      ['b', '+'],
      ['b', 'nosuch'],
      ['e', 'tanh'],
      ['in:x', 'tanh'],
    ] as const)
      expect(set(id, name), `${id} ${name}`).toMatch(/^refused/);
  });

  it('an operation that is added takes the values that are chosen, then a state and the last value', () => {
    const added = (name: string, ...chosen: readonly string[]): string | undefined =>
      edited(lstm, (graph) => addOperation(graph, name, chosen))
        .split('\n')
        .find((line) => line.startsWith('a = '));
    expect(added('*')).toBe('a = c * o');
    expect(added('tanh')).toBe('a = tanh(c)');
    expect(added('max', 'in:x')).toBe('a = max(x, c)');
    // A part of a line has no name to be chosen by.
    expect(added('+', "c'/0", 'g')).toBe('a = g + c');
    expect(edited("h' = W x", (graph) => addOperation(graph, '+', []))).toBe("h' = W x\na = h + h");
    const letters = [...'adeqrsuvwyz'].map((letter) => `${letter} = x`).join('\n');
    const text = `${letters}\na2 = x\nh' = x`;
    expect(edited(text, (graph) => addOperation(graph, 'tanh', ['in:x']))).toBe(`${text}\na3 = tanh(x)`);
  });

  it('a gate that is added has names of its own for all that it learns', () => {
    expect(edited("f = x\nb = W_i x\nh' = U_o f", addGate)).toContain('\ng = sigmoid(W_g x + U_g h + b_g)');
    const letters = [...'fiogrzunkqadesvwy'].map((letter) => `${letter} = x`).join('\n');
    expect(edited(`${letters}\nh' = f`, addGate)).toContain('\nf2 = sigmoid(W_f2 x + U_f2 h + b_f2)');
  });

  it('a part of a line that is named is the line before it; a state may be named at any of its nodes', () => {
    expect(edited(lstm, (graph) => rename(graph, "h'/1", 'b'))).toBe(
      lstm.replace("h' = o * tanh(c')", "b = tanh(c')\nh' = o * b"),
    );
    for (const id of ['in:s', "s'", "out:s'"])
      expect(edited("s' = W x + U s", (graph) => rename(graph, id, " t' "))).toBe("t' = W x + U t");
    expect(edited("s' = W  x", (graph) => rename(graph, "s'", ' s '))).toBe("s' = W  x");
    for (const id of ['in:x', 'none']) expect(edited("s' = W x", (graph) => rename(graph, id, 't'))).toMatch(/^refused/);
    expect(edited("s' = W x", (graph) => rename(graph, "s'", ' '))).toBe('refused: nothing is no name of a value');
    expect(edited("s' = W x", (graph) => rename(graph, "s'", ' 1 '))).toBe('refused: 1 is no name of a value');
    const long = (length: number): string => edited("s' = W x", (graph) => rename(graph, "s'", 'n'.repeat(length)));
    expect(long(languageLimits.name)).toBe(`${'n'.repeat(languageLimits.name)}' = W x`);
    expect(long(languageLimits.name + 1)).toMatch(/^refused: the name is longer/);
  });

  it('a gate of a cell that has no state yet is of the input; a line comes behind the comments of a text that has none', () => {
    expect(edited('out = W x', addGate)).toBe('out = W x\nf = sigmoid(W_f x + b_f)');
    expect(edited('# mine\n# and yours', addState)).toBe("# mine\n# and yours\nh' = tanh(W_h x + U_h h + b_h)");
  });

  it('a gate and a state that are added can be trained at once', () => {
    expect(edited('', addState)).toBe("h' = tanh(W_h x + U_h h + b_h)");
    const text = edited(edited("h' = tanh(W x + U h)", addGate), addState);
    expect(text).toBe("h' = tanh(W x + U h)\nf = sigmoid(W_f x + U_f h + b_f)\nc' = tanh(W_c x + U_c c + b_c)");
    expect(compileCell(text, 4).ok).toBe(true);
  });
});
