import { cellForms } from '../../cells/registry.ts';
import { compilePlan } from '../../compile/compile-plan.ts';
import type { Plan } from '../../compile/plan.ts';
import type { DataEncoding, Normalization } from '../../data/dataset.ts';
import { specialTokenNames } from '../../data/dataset.ts';
import { mediaPictureSize } from '../../data/media/read-media.ts';
import { type DataBinding, dataBinding, isRunningText, type TaskKind, tokenizerSettings } from '../../document/data-binding.ts';
import { emptyDocument, type GraphNode, type UnrollDocument } from '../../document/schema.ts';
import type { DataFacts } from '../../shapes/data-facts.ts';

/** Small documents of every structure, for the tests of the export. */

type Params = GraphNode['params'];

/** Builds a document node by node; wires are given as `node.port`. */
export class GraphBuilder {
  readonly #nodes: GraphNode[] = [];
  readonly #edges: UnrollDocument['edges'] = [];

  /** Adds a node, its inputs wired from `node.port`, several to one port in order; returns its id. */
  add(id: string, kind: string, params: Params = {}, inputs: Readonly<Record<string, string | readonly string[]>> = {}): string {
    this.#nodes.push({ id, kind, params, position: { x: 0, y: 0 } });
    for (const [port, sources] of Object.entries(inputs)) {
      for (const source of typeof sources === 'string' ? [sources] : sources) {
        const [node = '', from = ''] = source.split('.');
        this.#edges.push({ id: `e${this.#edges.length}`, from: { node, port: from }, to: { node: id, port } });
      }
    }
    return id;
  }

  /** @param settings of the data beside its task */
  document(task: TaskKind, settings: Partial<DataBinding> = {}): UnrollDocument {
    const data = dataBinding.parse({ source: { kind: 'template', name: 'parity' }, task, ...settings });
    return { ...emptyDocument('parity'), nodes: this.#nodes, edges: this.#edges, data };
  }
}

export interface ParityCase {
  readonly name: string;
  readonly document: UnrollDocument;
  readonly plan: Plan;
  readonly encoding: DataEncoding;
}

const words = ['the', 'cat', 'kate', 'farrahi', 'and', 'teach', 'deep', 'learning', "don't", ',', '.', 'café'];
const classNames = ['no', 'yes', 'maybe'];

/** Pieces of words instead of them, as many; some with the space before them. */
const pieces = ['the', ' cat', ' kate', 'ca', 't', 'e', ' ', 'he', ' deep', 'k', ',', 'é'];

/** Of words that the vocabulary holds; the others fall apart into letters, some of which it holds. */
const merges = ['th', 'the', 'ca', ' ca', ' cat', ' k', ' ka', ' kat', ' kate'].map((joined): [string, string] => [
  joined.slice(0, -1),
  joined.slice(-1),
]);

/** Compiles a document over a small made-up vocabulary; throws when it does not compile. */
export function parityCase(name: string, document: UnrollDocument, wanted = 3): ParityCase {
  const binding = document.data;
  if (binding === null) throw new Error(`${name}: no data`);
  const pictures = document.nodes.some((node) => node.kind === 'image-input' || node.kind === 'frames-input');
  const numeric = pictures || document.nodes.some((node) => node.kind === 'series-input');
  const says = binding.task === 'sequence-to-sequence' || binding.task === 'language-model';
  const cut = [binding.tokenizer, binding.targetTokenizer].some(({ level }) => level === 'subword');
  const known = [...specialTokenNames, ...(cut ? pieces : words), ...(isRunningText(binding) ? ['\n'] : [])];
  const classes = says ? known.length : wanted;
  const image = mediaPictureSize(binding.media) ?? { height: 5, width: 4, channels: 2 };
  const features = pictures ? image.height * image.width * image.channels : (soundFeatures(binding) ?? 3);
  const numbers = binding.task === 'forecasting' || binding.task === 'sequence-regression';
  const facts: DataFacts = {
    vocabulary: numeric ? null : known.length,
    classes: numbers ? null : classes,
    features: numeric ? features : null,
    targets: numbers ? 2 : null,
    ...(pictures ? { image } : {}),
  };
  const compiled = compilePlan(document, facts);
  if (!compiled.ok) throw new Error(`${name}: ${compiled.problems.map((problem) => problem.message).join('; ')}`);
  const encoding: DataEncoding = {
    binding,
    facts,
    fingerprint: 'parity',
    vocabulary: numeric ? null : known,
    ...(binding.tokenizer.level === 'subword' ? { merges } : {}),
    ...(binding.targetTokenizer.level === 'subword' ? { targetMerges: merges } : {}),
    classes: numbers ? null : says ? known : classNames.slice(0, classes),
    ...(says ? { longestTarget: 4 } : {}),
    inputNormalization: numeric ? inputNormalization(features) : null,
    targetNormalization: numbers ? { names: ['a', 'b'], mean: [1, -2], deviation: [2, 0.5] } : null,
  };
  return { name, document, plan: compiled.plan, encoding };
}

/** Numbers of a frame of sound; `undefined` for other data. */
function soundFeatures({ media }: DataBinding): number | undefined {
  if (media.kind !== 'audio') return undefined;
  return media.features === 'mfcc' ? Math.min(media.coefficients, media.bands) : media.bands;
}

const inputNormalization = (features: number): Normalization => ({
  names: Array.from({ length: features }, (_unused, i) => String.fromCharCode(97 + (i % 26)).repeat(1 + Math.floor(i / 26))),
  mean: Array.from({ length: features }, (_unused, i) => [1, -2, 30][i % 3] ?? 0),
  deviation: Array.from({ length: features }, (_unused, i) => [2, 0.5, 8][i % 3] ?? 1),
});

/** Every cell, by the name that the test prints; those given by their equations are in `custom-cell-cases.ts`. */
export const cells: Readonly<Record<string, { readonly kind: string; readonly params: Params }>> = Object.fromEntries(
  cellForms.flatMap(({ name, kind, settings }) => (kind === 'custom-cell' ? [] : [[name, { kind, params: settings }]])),
);

export const directions = ['forward', 'backward', 'concat', 'sum', 'mean', 'product'] as const;
export const outputModes = ['every-step', 'last', 'mean', 'max'] as const;

/** Every cell × direction and merge × depth 1–3 × output. */
export function recurrentCases(): ParityCase[] {
  const cases: ParityCase[] = [];
  for (const [cellName, cell] of Object.entries(cells)) {
    for (const direction of directions) {
      for (const depth of [1, 2, 3]) {
        for (const output of outputModes) {
          const graph = new GraphBuilder();
          graph.add('tokens', 'token-input');
          let previous = `${graph.add('embed', 'embedding', { width: 4 }, { tokens: 'tokens.tokens' })}.sequence`;
          for (let level = 1; level <= depth; level++) {
            graph.add(`cell${level}`, cell.kind, { ...cell.params, hidden: 3 + level });
            const wires = { sequence: previous, cell: `cell${level}.cell` };
            const mode = level === depth ? output : 'every-step';
            const layer = `layer${level}`;
            if (direction === 'forward' || direction === 'backward')
              graph.add(layer, 'recurrent', { direction, output: mode }, wires);
            else graph.add(layer, 'bidirectional', { merge: direction, output: mode }, wires);
            previous = `${layer}.output`;
          }
          graph.add('head', 'dense-softmax', {}, { input: previous });
          const task = output === 'every-step' ? 'step-tagging' : 'sequence-classification';
          cases.push(parityCase(`${cellName} · ${direction} · depth ${depth} · ${output}`, graph.document(task)));
        }
      }
    }
  }
  return cases;
}

/** Every other layer kind, head and wiring. */
export function layerCases(): ParityCase[] {
  const cases: ParityCase[] = [];
  const add = (name: string, task: TaskKind, build: (graph: GraphBuilder) => void, classes = 3): void => {
    const graph = new GraphBuilder();
    build(graph);
    cases.push(parityCase(name, graph.document(task), classes));
  };
  const tokens = (graph: GraphBuilder): string => {
    graph.add('tokens', 'token-input');
    return `${graph.add('embed', 'embedding', { width: 4 }, { tokens: 'tokens.tokens' })}.sequence`;
  };
  const lstm = (graph: GraphBuilder, id: string, sequence: string, output: string, more: Record<string, string> = {}): string => {
    graph.add(`${id}cell`, 'lstm-cell', { hidden: 5 });
    return `${graph.add(id, 'recurrent', { output }, { sequence, cell: `${id}cell.cell`, ...more })}.output`;
  };
  add('one-hot', 'step-tagging', (graph) => {
    graph.add('tokens', 'token-input');
    graph.add('hot', 'one-hot', {}, { tokens: 'tokens.tokens' });
    graph.add('head', 'dense-softmax', {}, { input: lstm(graph, 'layer', 'hot.sequence', 'every-step') });
  });
  add('frozen embedding', 'sequence-classification', (graph) => {
    graph.add('tokens', 'token-input');
    graph.add('embed', 'embedding', { width: 4, frozen: true }, { tokens: 'tokens.tokens' });
    graph.add('head', 'dense-softmax', {}, { input: lstm(graph, 'layer', 'embed.sequence', 'last') });
  });
  add('embedding and dense, no recurrence', 'step-tagging', (graph) => {
    graph.add('head', 'dense-softmax', {}, { input: tokens(graph) });
  });
  add('layer norm and dropout', 'step-tagging', (graph) => {
    const first = lstm(graph, 'first', tokens(graph), 'every-step');
    graph.add('norm', 'layer-norm', { epsilon: 1e-3 }, { input: first });
    graph.add('drop', 'dropout', { rate: 0.4 }, { input: 'norm.output' });
    graph.add('head', 'dense-softmax', {}, { input: lstm(graph, 'second', 'drop.output', 'every-step') });
  });
  for (const activation of ['identity', 'relu', 'tanh', 'sigmoid']) {
    add(`dense ${activation}`, 'sequence-classification', (graph) => {
      const last = lstm(graph, 'layer', tokens(graph), 'last');
      graph.add('dense', 'dense', { units: 6, activation }, { input: last });
      graph.add('head', 'dense-softmax', {}, { input: 'dense.output' });
    });
  }
  add('concat of three, add of two', 'step-tagging', (graph) => {
    const embedded = tokens(graph);
    const first = lstm(graph, 'first', embedded, 'every-step');
    const second = lstm(graph, 'second', embedded, 'every-step');
    graph.add('sum', 'add', {}, { inputs: [first, second] });
    graph.add('join', 'concat', {}, { inputs: [second, embedded, 'sum.output'] });
    graph.add('head', 'dense-softmax', {}, { input: 'join.output' });
  });
  add(
    'sigmoid head per example',
    'sequence-classification',
    (graph) => {
      graph.add('head', 'dense-sigmoid', {}, { input: lstm(graph, 'layer', tokens(graph), 'mean') });
    },
    2,
  );
  add(
    'sigmoid head per step',
    'step-tagging',
    (graph) => {
      graph.add('head', 'dense-sigmoid', {}, { input: lstm(graph, 'layer', tokens(graph), 'every-step') });
    },
    2,
  );
  const cut = new GraphBuilder();
  cut.add('head', 'dense-softmax', {}, { input: lstm(cut, 'layer', tokens(cut), 'last') });
  const subwords = tokenizerSettings.parse({ level: 'subword' });
  cases.push(parityCase('sub-words', cut.document('sequence-classification', { tokenizer: subwords })));
  add('regression from text', 'sequence-regression', (graph) => {
    graph.add('head', 'linear-regression', {}, { input: lstm(graph, 'layer', tokens(graph), 'max') });
  });
  add('forecast from a series', 'forecasting', (graph) => {
    graph.add('series', 'series-input');
    graph.add('head', 'linear-regression', {}, { input: lstm(graph, 'layer', 'series.sequence', 'last') });
  });
  add('classes from a series', 'sequence-classification', (graph) => {
    graph.add('series', 'series-input');
    graph.add('head', 'dense-softmax', {}, { input: lstm(graph, 'layer', 'series.sequence', 'max') });
  });
  for (const [name, cell] of Object.entries(cells)) {
    for (const direction of ['forward', 'backward']) {
      add(`initial state · ${name} · ${direction}`, 'step-tagging', (graph) => {
        const embedded = tokens(graph);
        graph.add('cell', cell.kind, { ...cell.params, hidden: 4 });
        graph.add('first', 'recurrent', { direction }, { sequence: embedded, cell: 'cell.cell' });
        graph.add('second', 'recurrent', { direction }, { sequence: embedded, cell: 'cell.cell', initial: 'first.state' });
        graph.add('head', 'dense-softmax', {}, { input: 'second.output' });
      });
    }
  }
  add('mixed cells in a deep network', 'sequence-classification', (graph) => {
    graph.add('gru', 'gru-cell', { hidden: 4, form: 'relevance-before' });
    graph.add('both', 'bidirectional', { merge: 'product' }, { sequence: tokens(graph), cell: 'gru.cell' });
    graph.add('head', 'dense-softmax', {}, { input: lstm(graph, 'layer', 'both.output', 'last') });
  });
  return cases;
}
