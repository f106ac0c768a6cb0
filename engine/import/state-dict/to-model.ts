import { compilePlan } from '../../compile/compile-plan.ts';
import type { Plan } from '../../compile/plan.ts';
import type { DataEncoding } from '../../data/dataset.ts';
import { specialIds } from '../../data/special-tokens.ts';
import { dataBinding, type TaskKind } from '../../document/data-binding.ts';
import { emptyDocument, type GraphNode, type UnrollDocument } from '../../document/schema.ts';
import type { NamedTensor } from '../../files/safetensors.ts';
import { parameterName } from '../../layers/plan-module.ts';
import type { DataFacts } from '../../shapes/data-facts.ts';
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
  const task = taskOf(chain, answer);
  const { document, nodeOf } = drawChain(chain, answer, task, name);
  const encoding = encodingOf(source, task, answer('head') === 'tokens');
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

function taskOf(modules: Chain, answer: Answer): TaskKind {
  if (answer('output') === 'last-output') {
    throw importError(
      'no-such-model',
      'output[:, -1] of two directions pairs the last step forwards with the first step read backwards, which no layer here gives.',
      'In the code, read torch.cat((h_n[-2], h_n[-1]), 1), the last step of each direction, in its place; train the model again, and import that.',
    );
  }
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
  modules: Chain,
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
  return { document: { ...document, data: bindingOf(task, name, null) }, nodeOf };
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
        kind:
          { classes: 'dense-softmax', tokens: 'dense-softmax', probability: 'dense-sigmoid' }[answer('head')] ??
          'linear-regression',
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

function bindingOf(task: TaskKind, name: string, tokens: readonly string[] | null): DataEncoding['binding'] {
  const format = task === 'forecasting' ? 'series' : task === 'step-tagging' ? 'conll' : 'delimited';
  return dataBinding.parse({
    source: { kind: 'file', path: `data of ${name}`.slice(0, 4096), reader: { format } },
    task,
    tokenizer: { maxVocabulary: 1_000_000, maxLength: 100_000, ...(tokens === null ? {} : tokenRule(tokens)) },
    window: { length: 100_000 },
  });
}

/** How text is likely cut into tokens such as these: single letters with a space among them are characters; the spelling tells about upper case. */
function tokenRule(tokens: readonly string[]): Pick<DataEncoding['binding']['tokenizer'], 'level' | 'lowercase'> {
  const special = specialIds(tokens).all;
  const texts = tokens.filter((_, id) => !special.has(id));
  return {
    level: texts.includes(' ') && texts.every((text) => [...text].length === 1) ? 'character' : 'word',
    lowercase: texts.every((text) => text === text.toLowerCase()),
  };
}

function encodingOf({ chain, name, tokens }: StateDictSource, task: TaskKind, saysTokens: boolean): DataEncoding {
  const [first] = chain;
  const width = chain.at(-1)?.out ?? 0;
  const numbers = task === 'forecasting' || task === 'sequence-regression';
  const vocabulary = first?.kind === 'embedding' ? first.rows : null;
  const features = first === undefined || first.kind === 'embedding' ? null : first.in;
  const ids = (count: number): string[] => Array.from({ length: count }, (_, id) => String(id));
  const words = vocabulary === null ? null : [...(tokens ?? ids(vocabulary))];
  const classes = numbers ? null : width === 1 ? ['no', 'yes'] : ((saysTokens ? words : null) ?? ids(width));
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
    binding: bindingOf(task, name, tokens),
    facts,
    fingerprint: 'imported',
    vocabulary: words,
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
    const origin = stock.get(module.id);
    const prefix = origin?.name ?? '';
    const shared = origin?.kind === 'linear' ? origin.tied : undefined;
    for (const spec of module.parameters) {
      const from = spec.name === 'weight' ? (shared ?? prefix) : prefix;
      const found = tensors.get(from === '' ? spec.name : `${from}.${spec.name}`);
      const size = spec.shape.reduce((product, extent) => product * extent, 1);
      const zeros: NamedTensor = { dtype: 'F32', shape: spec.shape, data: new Float32Array(size) };
      if (found === undefined && !spec.name.startsWith('bias')) throw new Error(`${prefix}.${spec.name}: missing`);
      weights.set(parameterName(module, spec), found ?? zeros);
    }
  }
  return weights;
}

function notesOf({ chain, tokens, tensors }: StateDictSource): string[] {
  const notes: string[] = [];
  const [first] = chain;
  for (const module of chain) {
    const name = module.name || module.kind;
    if (module.kind === 'embedding') {
      notes.push(
        tokens === null
          ? `Tokens are not in the weights: write ids as words, “17 4 250”. A file vocab.txt beside the weights, one token a line in the order of ids, brings the words.`
          : `Tokens come from the vocabulary file beside the weights; how text is split into them is a guess: ${ruleWords(tokens)}.`,
        specialWords(tokens),
      );
    }
    if (module.kind === 'recurrent' && !module.biases) notes.push(`${name} has no biases: they are zeros here.`);
    if (module.kind === 'linear' && (module.tied ?? sharedTable(first, module, tensors)) !== undefined) {
      notes.push(`${name} has the weights of ${first?.name || 'the embedding'} (tied); trained on here, each has its own.`);
    }
    if (module.kind === 'linear' && !module.bias) notes.push(`${name} has no bias: it is zero here.`);
    if (module.kind === 'norm') notes.push(`${name} is taken for a LayerNorm with ε = 0.00001.`);
    if (module.kind === 'recurrent' && module.directions === 2) {
      notes.push(`“last” of ${name} is the last step of each direction, h_n, not output[:, -1].`);
    }
  }
  if (first?.kind !== 'embedding') notes.push('Numbers go in and come out as they are: no normalization is in the weights.');
  return notes;
}

/** Name of the embedding whose numbers a Linear repeats; a file may hold a shared tensor twice. */
function sharedTable(
  first: StockModule | undefined,
  module: StockModule,
  tensors: StateDictSource['tensors'],
): string | undefined {
  if (first?.kind !== 'embedding' || first.rows !== module.out) return undefined;
  const numbers = ({ name }: StockModule) => tensors.get(name === '' ? 'weight' : `${name}.weight`)?.data;
  const [table, weight] = [numbers(first), numbers(module)];
  const same = table !== undefined && table.length === weight?.length && table.every((value, i) => value === weight[i]);
  return same ? first.name : undefined;
}

function ruleWords(tokens: readonly string[]): string {
  const { level, lowercase } = tokenRule(tokens);
  return `${level === 'character' ? 'characters' : 'words'}, ${lowercase ? 'in lower case' : 'in upper and lower case'}`;
}

/** What an unknown token becomes. */
function specialWords(tokens: readonly string[] | null): string {
  const { unknown } = specialIds(tokens ?? []);
  return unknown === null
    ? 'No token stands for unknown ones: text with one is refused.'
    : `What is unknown reads id ${unknown}, ${tokens?.[unknown] ?? ''}.`;
}
