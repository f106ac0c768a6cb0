import { compilePlan } from '../../compile/compile-plan.ts';
import { type Plan, parameterName } from '../../compile/plan.ts';
import { type DataEncoding, specialTokenNames } from '../../data/dataset.ts';
import { dataBinding, type TaskKind } from '../../document/data-binding.ts';
import { emptyDocument, type GraphNode, type UnrollDocument } from '../../document/schema.ts';
import type { DataFacts } from '../../layers/layer.ts';
import type { NamedTensor } from '../../runs/safetensors.ts';
import { importError } from '../import-error.ts';
import type { ImportedModel } from '../imported-model.ts';
import type { Chain } from './chain.ts';
import type { StockModule } from './torch-modules.ts';

export interface StateDictSource {
  readonly name: string;
  readonly chain: Chain;
  readonly tensors: ReadonlyMap<string, NamedTensor>;
  /** By question; every question has one. */
  readonly answers: ReadonlyMap<string, string>;
  /** Tokens by id out of a file beside the weights; `null` without. */
  readonly tokens: readonly string[] | null;
}

type Answer = (id: string) => string;

/** Distance of cards on the canvas. */
const across = 256;
const below = 118;

/**
 * A chain of stock modules as a graph with weights.
 *
 * @throws UserError `import-no-such-model` when the answers do not go together
 */
export function stateDictModel(source: StateDictSource): ImportedModel {
  const { chain, name } = source;
  const answer: Answer = (id) => source.answers.get(id) ?? '';
  const task = taskOf(chain.modules, answer);
  const { document, nodeOf } = drawChain(chain.modules, answer, task, name);
  const encoding = encodingOf(chain.modules, task, source.tokens, name);
  const compiled = compilePlan({ ...document, data: encoding.binding }, encoding.facts);
  if (!compiled.ok) {
    const problem = compiled.problems.find(({ severity }) => severity === 'error');
    throw importError(
      'no-such-model',
      `The answers make no model: ${problem?.message ?? 'it does not compile'}.`,
      problem?.fix ?? '',
    );
  }
  const weights = takeWeights(compiled.plan, source, nodeOf);
  const full = { ...document, data: encoding.binding };
  return { document: full, plan: compiled.plan, encoding, weights, notes: notesOf(source) };
}

function taskOf(modules: readonly StockModule[], answer: Answer): TaskKind {
  const every = answer('output') === 'every-step' || !modules.some((module) => module.kind === 'recurrent');
  if (answer('head') !== 'numbers') return every ? 'step-tagging' : 'sequence-classification';
  if (every) {
    throw importError(
      'no-such-model',
      'A number at every step is no task that Unroll knows.',
      'Answer that it gives classes, or that it answers once.',
    );
  }
  return modules[0]?.kind === 'embedding' ? 'sequence-regression' : 'forecasting';
}

/** One row of cards from left to right, each cell under its wrapper. */
function drawChain(
  modules: readonly StockModule[],
  answer: Answer,
  task: TaskKind,
  name: string,
): { readonly document: UnrollDocument; readonly nodeOf: ReadonlyMap<StockModule, string> } {
  const nodes: GraphNode[] = [];
  const edges: UnrollDocument['edges'] = [];
  const nodeOf = new Map<StockModule, string>();
  const add = (kind: string, params: GraphNode['params'], x: number, y: number, label = ''): string => {
    const id = `n${nodes.length + 1}`;
    nodes.push({ id, kind, params, position: { x, y }, ...(label === '' ? {} : { label: label.slice(0, 200) }) });
    return id;
  };
  const wire = (from: string, port: string, to: string, input: string): void => {
    edges.push({ id: `e${edges.length + 1}`, from: { node: from, port }, to: { node: to, port: input } });
  };
  const tokens = modules[0]?.kind === 'embedding';
  let from = add(tokens ? 'token-input' : 'series-input', {}, 0, 0);
  let port = tokens ? 'tokens' : 'sequence';
  const lastRecurrent = modules.findLast((module) => module.kind === 'recurrent');
  modules.forEach((module, index) => {
    const x = (index + 1) * across;
    const params = settingsOf(
      module,
      modules.at(-1) === module,
      module === lastRecurrent ? answer('output') : 'every-step',
      answer,
    );
    const id = add(params.kind, params.settings, x, 0, module.name);
    nodeOf.set(module, id);
    wire(from, port, id, inputPort(module));
    if (params.cell !== undefined) {
      wire(add(params.cell.kind, params.cell.settings, x, below), 'cell', id, 'cell');
    }
    from = id;
    port = module.kind === 'embedding' ? 'sequence' : 'output';
  });
  const document = { ...emptyDocument(name.slice(0, 200)), nodes, edges };
  return { document: { ...document, data: bindingOf(task, name) }, nodeOf };
}

const inputPort = (module: StockModule): string =>
  module.kind === 'embedding' ? 'tokens' : module.kind === 'recurrent' ? 'sequence' : 'input';

interface LayerSettings {
  readonly kind: string;
  readonly settings: GraphNode['params'];
  readonly cell?: { readonly kind: string; readonly settings: GraphNode['params'] };
}

function settingsOf(module: StockModule, head: boolean, output: string, answer: Answer): LayerSettings {
  switch (module.kind) {
    case 'embedding':
      return { kind: 'embedding', settings: { width: module.out } };
    case 'norm':
      return { kind: 'layer-norm', settings: {} };
    case 'linear':
      if (!head) return { kind: 'dense', settings: { units: module.out, activation: answer(`activation:${module.name}`) } };
      return {
        kind: { classes: 'dense-softmax', probability: 'dense-sigmoid' }[answer('head')] ?? 'linear-regression',
        settings: {},
      };
    case 'recurrent': {
      const { hidden, projection, layers, directions, gates } = module;
      const cells = {
        1: { kind: 'rnn-cell', settings: { hidden, activation: answer(`nonlinearity:${module.name}`) } },
        3: { kind: 'gru-cell', settings: { hidden, form: 'reset-after' } },
        4: { kind: 'lstm-cell', settings: { hidden, projection } },
      } as const;
      const wrapper = directions === 2 ? 'bidirectional' : 'recurrent';
      return { kind: wrapper, settings: { output, layers }, cell: cells[gates] };
    }
  }
}

function bindingOf(task: TaskKind, name: string): DataEncoding['binding'] {
  const format = task === 'forecasting' ? 'series' : task === 'step-tagging' ? 'conll' : 'delimited';
  return dataBinding.parse({
    source: { kind: 'file', path: `data of ${name}`.slice(0, 4096), reader: { format } },
    task,
    tokenizer: { maxVocabulary: 1_000_000, maxLength: 100_000 },
    window: { length: 100_000 },
  });
}

function encodingOf(
  modules: readonly StockModule[],
  task: TaskKind,
  tokens: readonly string[] | null,
  name: string,
): DataEncoding {
  const [first] = modules;
  const width = modules.at(-1)?.out ?? 0;
  const numbers = task === 'forecasting' || task === 'sequence-regression';
  const vocabulary = first?.kind === 'embedding' ? first.rows : null;
  const features = first === undefined || first.kind === 'embedding' ? null : first.in;
  const classes = numbers ? null : width === 1 ? ['no', 'yes'] : Array.from({ length: width }, (_, id) => String(id));
  const facts: DataFacts = { vocabulary, classes: classes?.length ?? null, features, targets: numbers ? width : null };
  const identity = (count: number | null, prefix: string): DataEncoding['inputNormalization'] =>
    count === null
      ? null
      : {
          names: Array.from({ length: count }, (_, i) => `${prefix}${i + 1}`),
          mean: Array.from({ length: count }, () => 0),
          deviation: Array.from({ length: count }, () => 1),
        };
  return {
    binding: bindingOf(task, name),
    facts,
    fingerprint: 'imported',
    vocabulary:
      vocabulary === null
        ? null
        : Array.from({ length: vocabulary }, (_, id) => specialTokenNames[id] ?? tokens?.[id] ?? String(id)),
    classes,
    inputNormalization: identity(features, 'x'),
    targetNormalization: identity(facts.targets, 'y'),
  };
}

/** The plan's parameters out of the state dict; biases that a module does not have are zeros. */
function takeWeights(
  plan: Plan,
  { tensors }: StateDictSource,
  nodeOf: ReadonlyMap<StockModule, string>,
): ReadonlyMap<string, NamedTensor> {
  const stock = new Map([...nodeOf].map(([module, id]) => [id, module]));
  const weights = new Map<string, NamedTensor>();
  for (const module of plan.modules) {
    const prefix = stock.get(module.id)?.name ?? '';
    for (const spec of module.parameters) {
      const found = tensors.get(prefix === '' ? spec.name : `${prefix}.${spec.name}`);
      const size = spec.shape.reduce((product, extent) => product * extent, 1);
      const zeros: NamedTensor = { dtype: 'F32', shape: spec.shape, data: new Float32Array(size) };
      if (found === undefined && !spec.name.startsWith('bias')) throw new Error(`${prefix}.${spec.name}: missing`);
      weights.set(parameterName(module, spec), found ?? zeros);
    }
  }
  return weights;
}

function notesOf({ chain, tokens }: StateDictSource): string[] {
  const notes: string[] = [];
  const { modules } = chain;
  if (chain.ambiguous) {
    notes.push(`The widths allow more than one order; this one was taken: ${modules.map(({ name }) => name).join(' → ')}.`);
  }
  for (const module of modules) {
    const name = module.name || module.kind;
    if (module.kind === 'embedding') {
      notes.push(
        tokens === null
          ? `Tokens are not in the weights: write ids as words, “17 4 250”. A file vocab.txt beside the weights, one token a line in the order of ids, brings the words.`
          : 'Tokens come from the vocabulary file beside the weights; how text is split into them is a guess: words, in lower case.',
        `Ids 0 to 3 count as ${specialTokenNames.join(' ')}: what is unknown reads id 1.`,
      );
    }
    if (module.kind === 'recurrent' && !module.biases) notes.push(`${name} has no biases: they are zeros here.`);
    if (module.kind === 'linear' && !module.bias) notes.push(`${name} has no bias: it is zero here.`);
    if (module.kind === 'norm') notes.push(`${name} is taken for a LayerNorm with ε = 0.00001.`);
    if (module.kind === 'recurrent' && module.directions === 2) {
      notes.push(`The last step of ${name} is the last one of each direction, h_n, not output[:, -1].`);
    }
  }
  if (modules[0]?.kind !== 'embedding') notes.push('Numbers go in and come out as they are: no normalization is in the weights.');
  return notes;
}
