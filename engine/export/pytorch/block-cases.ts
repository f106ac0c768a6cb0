import type { TaskKind } from '../../document/data-binding.ts';
import type { UnrollDocument } from '../../document/schema.ts';
import { collapse } from '../../graph/blocks/collapse.ts';
import { addBlockPort, placeBlock } from '../../graph/blocks/edit-blocks.ts';
import { editInside } from '../../graph/blocks/inside.ts';
import type { Refused } from '../../graph/blocks/names.ts';
import { setRepeat } from '../../graph/blocks/repeat.ts';
import { connect, remove } from '../../graph/edit.ts';
import { noFacts } from '../../graph/infer-shapes.ts';
import { GraphBuilder, type ParityCase, parityCase } from './parity-cases.ts';
import { said } from './structure-cases.ts';

/** Graphs with blocks: what crosses a border, blocks in blocks, repeated and placed twice. */
export function blockCases(): ParityCase[] {
  const cases: ParityCase[] = [];
  const add = (
    name: string,
    task: TaskKind,
    build: (graph: GraphBuilder) => void,
    edit: (document: UnrollDocument) => UnrollDocument,
  ) => {
    const graph = new GraphBuilder();
    build(graph);
    cases.push(parityCase(`block · ${name}`, edit(graph.document(task))));
  };
  const stack = (graph: GraphBuilder): void => {
    graph.add('tokens', 'token-input');
    graph.add('embed', 'embedding', { width: 4 }, { tokens: 'tokens.tokens' });
    graph.add('cell', 'gru-cell', { hidden: 4 });
    graph.add('first', 'recurrent', {}, { sequence: 'embed.sequence', cell: 'cell.cell' });
    graph.add('cell-2', 'lstm-cell', { hidden: 4 });
    graph.add('second', 'recurrent', {}, { sequence: 'first.output', cell: 'cell-2.cell' });
    graph.add('norm', 'layer-norm', {}, { input: 'second.output' });
    graph.add('join', 'concat', {}, { inputs: ['norm.output', 'first.output', 'embed.sequence'] });
    graph.add('head', 'dense-softmax', {}, { input: 'join.output' });
  };
  const both = ['cell', 'first', 'cell-2', 'second', 'norm'];
  add('two states, two outputs', 'step-tagging', stack, (d) => made(d, both, 'Encoder'));
  add('a name that is a word of Python', 'step-tagging', stack, (d) => made(d, both, 'class'));
  add('a name of no letters', 'step-tagging', stack, (d) => made(d, both, '编码器'));
  add('one state', 'step-tagging', stack, (d) =>
    made(made(d, ['cell', 'first'], 'Recurrent 2'), ['cell-2', 'second'], 'Forward'),
  );
  add('an embedding in it', 'step-tagging', stack, (d) => made(d, ['embed', 'cell', 'first'], 'Reader'));
  add('a cell from outside', 'step-tagging', stack, (d) => made(d, ['first', 'norm', 'second'], 'Wrappers'));
  add('a cell to outside', 'step-tagging', stack, (d) => made(d, ['cell', 'embed'], 'Cell and embedding'));
  add('a cell alone, which is no module', 'step-tagging', stack, (d) => made(d, ['cell'], 'Cell'));
  add('in a block', 'step-tagging', stack, (d) =>
    made(made(d, ['cell', 'first'], 'Inner'), ['block-1', 'cell-2', 'second'], 'Outer'),
  );
  add('repeated', 'step-tagging', stack, (d) => repeated(made(d, ['cell-2', 'second', 'norm'], 'Stage'), 'block-1', 3));
  add('repeated, without a state', 'step-tagging', stack, (d) => repeated(made(d, ['norm'], 'Norm'), 'block-1', 2));
  add('repeated in a block that is repeated', 'step-tagging', stack, (d) => {
    const inner = repeated(made(d, ['cell', 'first'], 'Inner'), 'block-1', 2);
    const outer = remove(inner, new Set(['join', 'head']));
    const chain = connect(
      { ...outer, nodes: [...outer.nodes, ...inner.nodes.filter(({ id }) => id === 'head')] },
      { node: 'norm', port: 'output' },
      { node: 'head', port: 'input' },
    );
    return repeated(made(chain, ['block-1', 'cell-2', 'second', 'norm'], 'Outer'), 'block-2', 2);
  });
  add('placed twice, at other widths', 'step-tagging', stack, (d) => {
    const once = made(d, ['cell', 'first'], 'Encoder');
    const again = ok(placeBlock(once, 'block-1', { x: 0, y: 0 }));
    const fed = connect(again, { node: 'join', port: 'output' }, { node: 'block-2', port: 'sequence' });
    const nested = connect(fed, { node: 'block-2', port: 'output' }, { node: 'head', port: 'input' });
    return made(nested, ['block-2'], 'Around');
  });
  add('straight through', 'step-tagging', stack, (d) => {
    const through = editInside(made(d, ['norm'], 'Norm'), 'block-1', (inside) =>
      connect(
        addBlockPort(inside, 'block-output', { x: 0, y: 0 }).document,
        { node: 'input', port: 'value' },
        { node: 'output-1', port: 'value' },
      ),
    );
    return connect(ok(through), { node: 'block-1', port: 'output-1' }, { node: 'join', port: 'inputs' });
  });
  const states = (graph: GraphBuilder): void => {
    graph.add('tokens', 'token-input');
    graph.add('embed', 'embedding', { width: 4 }, { tokens: 'tokens.tokens' });
    graph.add('cell', 'lstm-cell', { hidden: 4 });
    graph.add('first', 'recurrent', {}, { sequence: 'embed.sequence', cell: 'cell.cell' });
    graph.add('second', 'recurrent', {}, { sequence: 'first.output', cell: 'cell.cell', initial: 'first.state' });
    graph.add('head', 'dense-softmax', {}, { input: 'second.output' });
  };
  add('a state in', 'step-tagging', states, (d) => made(d, ['second'], 'Reader'));
  add('a state out', 'step-tagging', states, (d) => made(d, ['first'], 'Writer'));
  add('a state within', 'step-tagging', states, (d) => made(d, ['first', 'second'], 'Pair'));
  add('placed twice, once without a state', 'step-tagging', states, (d) => {
    const again = ok(placeBlock(made(d, ['second'], 'Reader'), 'block-1', { x: 0, y: 0 }));
    const wired = ['sequence', 'cell'].reduce(
      (w, port) =>
        connect(
          w,
          { node: port === 'cell' ? 'cell' : 'block-1', port: port === 'cell' ? 'cell' : 'output' },
          { node: 'block-2', port },
        ),
      again,
    );
    return connect(wired, { node: 'block-2', port: 'output' }, { node: 'head', port: 'input' });
  });
  const pyramid = (graph: GraphBuilder): void => {
    graph.add('tokens', 'token-input');
    graph.add('embed', 'embedding', { width: 6 }, { tokens: 'tokens.tokens' });
    graph.add('cell', 'gru-cell', { hidden: 3 });
    graph.add(
      'pyramid',
      'pyramid',
      { layers: 1, join: 2, output: 'every-step' },
      { sequence: 'embed.sequence', cell: 'cell.cell' },
    );
    graph.add('cell-2', 'lstm-cell', { hidden: 3 });
    graph.add('last', 'recurrent', { output: 'last' }, { sequence: 'pyramid.output', cell: 'cell-2.cell' });
    graph.add('mean', 'bidirectional', { output: 'mean' }, { sequence: 'embed.sequence', cell: 'cell-2.cell' });
    graph.add('join', 'concat', {}, { inputs: ['last.output', 'mean.output'] });
    graph.add('head', 'dense-softmax', {}, { input: 'join.output' });
  };
  add('fewer steps out', 'sequence-classification', pyramid, (d) => made(d, ['cell', 'pyramid'], 'Listen'));
  add('fewer steps in', 'sequence-classification', pyramid, (d) => made(d, ['last', 'mean', 'join', 'cell-2'], 'Read'));
  add('fewer steps, repeated', 'sequence-classification', pyramid, (d) =>
    repeated(made(d, ['cell', 'pyramid'], 'Listen'), 'block-1', 2),
  );
  add('vectors alone', 'sequence-classification', pyramid, (d) => made(d, ['join'], 'Add 2'));
  for (const attention of ['none', 'general'] as const) {
    const decoder = (graph: GraphBuilder): void => {
      graph.add('tokens', 'token-input');
      graph.add('embed', 'embedding', { width: 4 }, { tokens: 'tokens.tokens' });
      graph.add('cell', 'lstm-cell', { hidden: 4 });
      graph.add('encoder', 'bidirectional', {}, { sequence: 'embed.sequence', cell: 'cell.cell' });
      const sequence = said(graph);
      graph.add('cell-2', 'gru-cell', { hidden: 5 });
      graph.add('bridge', 'bridge', {}, { from: 'encoder.state', cell: 'cell-2.cell' });
      const memory = attention === 'none' ? {} : { memory: 'encoder.output' };
      graph.add('decoder', 'decoder', { attention }, { sequence, cell: 'cell-2.cell', initial: 'bridge.state', ...memory });
      graph.add('after', 'dense', { units: 6 }, { input: 'decoder.output' });
      graph.add('head', 'dense-softmax', {}, { input: 'after.output' });
    };
    add(`encoder and decoder, attention ${attention}`, 'sequence-to-sequence', decoder, (d) =>
      made(made(d, ['embed', 'cell', 'encoder', 'bridge', 'cell-2'], 'Encoder'), ['said', 'decoder', 'after'], 'Decoder'),
    );
    add(`a decoder in a block in a block, attention ${attention}`, 'sequence-to-sequence', decoder, (d) =>
      made(made(d, ['decoder'], 'Decoder'), ['block-1', 'after'], 'Say'),
    );
  }
  return cases;
}

function ok(result: { readonly ok: true; readonly document: UnrollDocument } | Refused): UnrollDocument {
  if (!result.ok) throw new Error(result.message);
  return result.document;
}

const made = (document: UnrollDocument, ids: readonly string[], name: string): UnrollDocument =>
  ok(collapse(document, new Set(ids), name));

const repeated = (document: UnrollDocument, id: string, repeat: number): UnrollDocument =>
  ok(setRepeat(document, noFacts, id, repeat));
