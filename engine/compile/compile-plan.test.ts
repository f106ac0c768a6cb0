import { describe, expect, it } from 'vitest';
import { dataBinding, type TaskKind } from '../document/data-binding.ts';
import { node, wire } from '../document/fixtures/graph-literals.ts';
import { emptyDocument, type GraphNode, type UnrollDocument } from '../document/schema.ts';
import type { DataFacts } from '../shapes/data-facts.ts';
import { compilePlan } from './compile-plan.ts';
import { initializeParameters } from './initialize.ts';
import type { Plan } from './plan.ts';

const facts: DataFacts = { vocabulary: 50, classes: 2, features: null, targets: null };

function documentOf(nodes: GraphNode[], wires: string[], task: TaskKind = 'sequence-classification'): UnrollDocument {
  return {
    ...emptyDocument(),
    nodes,
    edges: wires.map(wire),
    data: dataBinding.parse({ source: { kind: 'template', name: 'test' }, task }),
  };
}

const classifierNodes = [
  node('head', 'dense-softmax'),
  node('wrap', 'recurrent', { output: 'last' }),
  node('cell', 'gru-cell', { hidden: 8, form: 'relevance-before' }),
  node('embed', 'embedding', { width: 4 }),
  node('in', 'token-input'),
];
const classifierWires = [
  'in.tokens > embed.tokens',
  'embed.sequence > wrap.sequence',
  'cell.cell > wrap.cell',
  'wrap.output > head.input',
];

function planOf(document: UnrollDocument): Plan {
  const result = compilePlan(document, facts);
  if (!result.ok) throw new Error(result.problems.map((problem) => problem.message).join('; '));
  return result.plan;
}
function problemsOf(document: UnrollDocument): readonly string[] {
  const result = compilePlan(document, facts);
  return result.ok ? [] : result.problems.map((problem) => `${problem.node}: ${problem.message}`);
}

describe('compilePlan', () => {
  it('sorts modules after what they depend on, and folds the cell into its wrapper', () => {
    const plan = planOf(documentOf(classifierNodes, classifierWires));
    expect(plan.modules.map((module) => module.name)).toEqual(['token_input', 'embedding', 'recurrent', 'dense_softmax']);
    expect(plan.modules[2]?.inputs).toEqual({ sequence: [{ module: 'embed', port: 'sequence' }], initial: [] });
    expect(plan.head).toBe('head');
  });

  it('lists parameters in PyTorch’s names and orientation; the lectures’ GRU (row L7) has gates r, u, n and one bias', () => {
    const [, , recurrent] = planOf(documentOf(classifierNodes, classifierWires)).modules;
    expect(recurrent?.parameters.map((spec) => [spec.name, spec.shape])).toEqual([
      ['weight_ih_l0', [24, 4]],
      ['weight_hh_l0', [24, 8]],
      ['bias_ih_l0', [24]],
    ]);
  });

  it('leaves out what the head does not depend on, and the order of nodes in the file changes nothing', () => {
    const extra = [...classifierNodes, node('stray', 'embedding', { width: 9 })];
    const wires = [...classifierWires, 'in.tokens > stray.tokens'];
    const plan = planOf(documentOf(extra, wires));
    expect(plan).toEqual(planOf(documentOf(classifierNodes, classifierWires)));
    const shuffled = planOf(documentOf([...classifierNodes].reverse(), classifierWires));
    expect(initializeParameters(shuffled, 5)).toEqual(initializeParameters(plan, 5));
  });

  it('survives JSON: a plan is data', () => {
    const plan = planOf(documentOf(classifierNodes, classifierWires));
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
  });

  it('numbers modules of one kind', () => {
    const nodes = [...classifierNodes, node('more', 'dropout'), node('again', 'dropout')];
    const wires = [
      ...classifierWires.slice(0, 3),
      'wrap.output > more.input',
      'more.output > again.input',
      'again.output > head.input',
    ];
    expect(planOf(documentOf(nodes, wires)).modules.map((module) => module.name)).toContain('dropout_2');
  });

  it('names the node of each problem', () => {
    expect(problemsOf(documentOf(classifierNodes.slice(1), classifierWires.slice(0, 3)))).toContain(
      'null: the graph has no head',
    );
    const twoHeads = documentOf(
      [...classifierNodes, node('head2', 'dense-sigmoid')],
      [...classifierWires, 'wrap.output > head2.input'],
    );
    expect(problemsOf(twoHeads)).toEqual(['head: the graph has 2 heads', 'head2: the graph has 2 heads']);
    expect(problemsOf(documentOf(classifierNodes, classifierWires, 'step-tagging'))).toEqual([
      'head: the data has a tag per step, but this head gets one vector per example',
    ]);
    expect(problemsOf(documentOf(classifierNodes, classifierWires, 'sequence-regression'))).toEqual([
      'head: the data asks for numbers, but this head gives classes',
    ]);
    expect(problemsOf({ ...documentOf(classifierNodes, classifierWires), data: null })).toEqual(['null: no data is attached']);
  });

  const [head, wrap, cell] = classifierNodes as [GraphNode, GraphNode, GraphNode];
  const flat = node('flat', 'flatten');
  it.each([
    ['image-input', [flat, head], ['in.image > flat.pictures', 'flat.output > head.input'], 'Image asks for pictures'],
    [
      'frames-input',
      [flat, wrap, cell, head],
      ['in.frames > flat.pictures', 'flat.output > wrap.sequence', ...classifierWires.slice(2)],
      'Frames asks for pictures',
    ],
    [
      'series-input',
      [wrap, cell, head],
      ['in.sequence > wrap.sequence', ...classifierWires.slice(2)],
      'Numeric series asks for numbers',
    ],
  ])('names the %s where the data is text', (kind, others, wires, problem) => {
    const document = documentOf([node('in', kind), ...others], wires);
    expect(problemsOf(document)).toEqual([`in: ${problem}, and the attached data has none of them for it`]);
  });

  it('does not throw on a loop', () => {
    const loop = [...classifierWires.slice(1), 'head2.output > embed.tokens', 'wrap.output > head2.input'];
    expect(problemsOf(documentOf([...classifierNodes, node('head2', 'dense')], loop)).length).toBeGreaterThan(0);
  });
});

describe('initializeParameters', () => {
  const plan = planOf(documentOf(classifierNodes, classifierWires));

  it('gives the same numbers for the same seed, and others for another', () => {
    expect(initializeParameters(plan, 1)).toEqual(initializeParameters(plan, 1));
    expect(initializeParameters(plan, 1)).not.toEqual(initializeParameters(plan, 2));
  });

  it('starts as PyTorch does: uniform within 1/√H, embedding rows N(0, 1) with a zero padding row', () => {
    const values = initializeParameters(plan, 1);
    const recurrent = values.get('recurrent.weight_hh_l0')?.data ?? new Float32Array();
    const bound = 1 / Math.sqrt(8);
    expect(Math.max(...recurrent.map(Math.abs))).toBeLessThanOrEqual(bound);
    expect(Math.max(...recurrent.map(Math.abs))).toBeGreaterThan(0.9 * bound);
    const table = values.get('embedding.weight')?.data ?? new Float32Array();
    expect([...table.subarray(0, 4)]).toEqual([0, 0, 0, 0]);
    const rest = Array.from(table.subarray(4));
    const variance = rest.reduce((sum, value) => sum + value * value, 0) / rest.length;
    expect(variance).toBeGreaterThan(0.7);
    expect(variance).toBeLessThan(1.4);
  });

  it('starts an LSTM’s forget gate at its bias, in one of the two bias vectors', () => {
    const lstm = classifierNodes.map((n) => (n.id === 'cell' ? node('cell', 'lstm-cell', { hidden: 3, forgetBias: 1.5 }) : n));
    const values = initializeParameters(planOf(documentOf(lstm, classifierWires)), 1);
    expect([...(values.get('recurrent.bias_ih_l0')?.data ?? []).slice(3, 6)]).toEqual([1.5, 1.5, 1.5]);
    expect([...(values.get('recurrent.bias_hh_l0')?.data ?? []).slice(3, 6)]).toEqual([0, 0, 0]);
  });

  it('starts each gate’s recurrent matrix orthogonal where the cell is set so, and all else as before', () => {
    const started = (recurrentInitializer: string) =>
      initializeParameters(
        planOf(
          documentOf(
            classifierNodes.map((n) => (n.id === 'cell' ? node('cell', 'lstm-cell', { hidden: 5, recurrentInitializer }) : n)),
            classifierWires,
          ),
        ),
        1,
      );
    const [usual, orthogonal] = [started('uniform'), started('orthogonal')];
    const weights = Float32Array.from(orthogonal.get('recurrent.weight_hh_l0')?.data ?? []);
    expect(weights).toHaveLength(4 * 25);
    for (const gate of [0, 1, 2, 3]) {
      const rows = [0, 1, 2, 3, 4].map((row) => weights.subarray(25 * gate + 5 * row, 25 * gate + 5 * row + 5));
      rows.forEach((a, i) => {
        rows.forEach((b, j) => {
          expect(a.reduce((sum, value, k) => sum + value * (b[k] ?? 0), 0)).toBeCloseTo(i === j ? 1 : 0, 6);
        });
      });
    }
    expect(weights.subarray(0, 25)).not.toEqual(weights.subarray(25, 50));
    for (const [name, tensor] of usual) if (name !== 'recurrent.weight_hh_l0') expect(orthogonal.get(name)).toEqual(tensor);
  });

  it('an empty canvas is one problem that says what to do', () => {
    const compiled = compilePlan(emptyDocument(), facts);
    const [first] = compiled.ok ? [] : compiled.problems;
    expect(first).toMatchObject({ severity: 'error', node: null, message: 'the canvas is empty' });
    expect(first?.fix).toContain('template');
  });
});
