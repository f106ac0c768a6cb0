import { describe, expect, it } from 'vitest';
import { node, wire } from '../../engine/document/fixtures/graph-literals.ts';
import { emptyDocument } from '../../engine/document/schema.ts';
import { inferShapes } from '../../engine/graph/infer-shapes.ts';
import { contractCases } from '../../engine/layers/contract/cases.ts';
import { findLayer } from '../../engine/layers/registry.ts';
import { layerSuffix } from '../../engine/layers/stack.ts';
import type { Trace, TracedNode, TracedRecurrence, TracedStep } from '../../engine/protocol/inspect.ts';
import { rowOf } from '../insight/matrix.ts';
import { lookWords } from './attention-strips.tsx';
import { canUnfold, unrolledOf } from './unrolled.ts';
import { wrapperRuns } from './wrapper-runs.ts';

const document = {
  ...emptyDocument(),
  nodes: [
    node('cell', 'gru-cell', { hidden: 8 }),
    node('own', 'custom-cell', { hidden: 8, equations: "s' = tanh(W x + U s + b_s)\nh' = s'" }),
    node('one', 'recurrent'),
    node('both', 'bidirectional', { layers: 2 }),
    node('mine', 'recurrent', { direction: 'backward', output: 'last' }),
    node('peaks', 'pyramid', { layers: 2, join: 2 }),
    node('bare', 'recurrent'),
    node('dense', 'dense'),
  ],
  edges: ['cell.cell > one.cell', 'cell.cell > both.cell', 'own.cell > mine.cell', 'cell.cell > peaks.cell'].map(wire),
};
const of = (id: string, trace: Trace | null = null, traced: TracedNode | null = null) => {
  const found = document.nodes.find((one) => one.id === id);
  return found ? unrolledOf(document, found, trace, traced) : null;
};
const steps = (...tokens: readonly string[]): TracedStep[] => tokens.map((token) => ({ token, unknown: false, padded: false }));

describe('wrapperRuns', () => {
  it('knows as many layers and directions as each wrapper has weights of', () => {
    let looked = 0;
    for (const { document: graph, facts } of contractCases) {
      const { inputs } = inferShapes(graph, facts);
      for (const one of graph.nodes) {
        const runs = wrapperRuns(one);
        const layer = findLayer(one.kind);
        if (layer?.family !== 'unroll' || one.kind === 'bridge') expect(runs, one.kind).toBeNull();
        else {
          if (!runs) throw new Error(`${one.kind} runs a cell`);
          const names = layer.parameters(layer.config.parse(one.params), inputs.get(one.id) ?? {}, facts).map(({ name }) => name);
          const suffixes = new Set(names.flatMap((name) => /_l\d+(_reverse)?$/.exec(name)?.[0] ?? []));
          const told = Array.from({ length: runs.layers }, (_, number) =>
            runs.directions.map((_direction, place) => layerSuffix(number, place > 0)),
          ).flat();
          expect([...suffixes].sort(), one.kind).toEqual(told.sort());
          looked++;
        }
      }
    }
    expect(looked).toBeGreaterThan(50);
  });
});

describe('unrolledOf', () => {
  it('is of any sentence where no network is looked into', () => {
    expect(of('one')).toMatchObject({
      trace: null,
      inputs: ['1', '2', '3', 'T'],
      shortened: true,
      gives: 'every-step',
      states: ['h'],
    });
    expect(of('both')?.layers.map(({ rows }) => rows.map(({ direction }) => direction))).toEqual([
      ['forward', 'backward'],
      ['forward', 'backward'],
    ]);
    expect(of('peaks')?.layers.map(({ rows }) => rows[0]?.names.length)).toEqual([2, 1]);
    expect(of('peaks')?.inputs).toHaveLength(4);
  });

  it('is of a cell of one’s own, which gives h whatever its first state is', () => {
    expect(of('mine')).toMatchObject({ gives: 'last', states: ['h', 's'] });
    expect(of('mine')?.parameters.map(({ name }) => name)).toEqual(['W', 'U', 'b_s']);
    expect(of('mine')?.layers[0]?.rows[0]?.direction).toBe('backward');
  });

  it('is of no node that runs no cell', () => {
    expect(of('bare')).toBeNull();
    expect(of('dense')).toBeNull();
    expect(document.nodes.filter((one) => canUnfold(document, one)).map(({ id }) => id)).toEqual([
      'one',
      'both',
      'mine',
      'peaks',
    ]);
  });

  it('has the words of a trace, and its rows from below', () => {
    const recurrence = (layer: number, direction: 'forward' | 'backward', own: TracedStep[]): TracedRecurrence => ({
      layer,
      direction,
      cell: 'gru-cell',
      hidden: 8,
      equations: "h' = tanh(W x + U h)",
      steps: own,
      inputs: 4,
      values: [],
      states: [{ name: 'h', units: 8 }],
      parameters: [],
    });
    const input = steps('the', 'cat', 'was');
    const base = { trace: 't', steps: input, nodes: [], target: { kind: 'tokens', values: ['K', 'AE', '<eos>'], given: true } };
    const trace = base as unknown as Trace;
    const traced = (recurrent: TracedRecurrence[]): TracedNode => ({
      node: 'both',
      module: 'both',
      kind: 'bidirectional',
      title: 'Bidirectional',
      outputs: [],
      recurrent,
      attention: null,
    });
    const two = of(
      'both',
      trace,
      traced([
        recurrence(1, 'backward', input),
        recurrence(0, 'backward', input),
        recurrence(1, 'forward', input),
        recurrence(0, 'forward', input),
      ]),
    );
    expect(two?.inputs).toEqual(['the', 'cat', 'was']);
    expect(two?.layers.flatMap(({ rows }) => rows.map(({ layer, direction }) => `${layer} ${direction}`))).toEqual([
      '0 forward',
      '0 backward',
      '1 forward',
      '1 backward',
    ]);
    expect(two?.says).toEqual([]);
    const weights = {
      shape: [3, 3],
      data: Buffer.from(new Float32Array([1, 0, 0, 0.1, 0.9, 0, 0, 0, 1]).buffer).toString('base64'),
    };
    const decoder = traced([recurrence(0, 'forward', steps('<bos>', 'K', 'AE'))]);
    const said = of('one', trace, { ...decoder, attention: weights });
    expect(said?.attention?.memory).toEqual(['the', 'cat', 'was']);
    expect(
      lookWords('K', rowOf(said?.attention?.weights ?? { rows: 0, columns: 0, data: new Float32Array(0) }, 1), ['the', 'cat']),
    ).toBe('At “K” it looks most at “cat” (step 2), 90 %');
    expect(of('one', trace, decoder)?.attention).toBeNull();
    expect(said).toMatchObject({ inputs: ['<bos>', 'K', 'AE'], says: ['K', 'AE', '<eos>'], shortened: false });
    const joined = of('peaks', trace, traced([recurrence(0, 'forward', steps('', '')), recurrence(1, 'forward', steps(''))]));
    expect(joined?.inputs).toEqual(['the', 'cat', 'was']);
    expect(joined?.layers.map(({ rows }) => rows[0]?.names)).toEqual([['thecat', 'was'], ['thecatwas']]);
  });
});
