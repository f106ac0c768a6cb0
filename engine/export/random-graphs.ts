import { cellLibrary } from '../cells/library.ts';
import { taskKind } from '../document/data-binding.ts';
import type { UnrollDocument } from '../document/schema.ts';
import { collapse } from '../graph/blocks/collapse.ts';
import { setRepeat } from '../graph/blocks/repeat.ts';
import { noFacts } from '../graph/infer-shapes.ts';
import { findLayer } from '../layers/registry.ts';
import { Random } from '../random.ts';
import { cells, GraphBuilder, type ParityCase, parityCase } from './pytorch/parity-cases.ts';

/** Node names that would be words of Python, of its library or of the exported files, if they ever reached the code. */
const names = [
  'class',
  'one_hot',
  'x',
  'torch',
  'self',
  'nn',
  'lengths',
  'hidden',
  'import',
  'None',
  '__init__',
  'list',
  'forward',
];

type Kind = 'tokens' | 'sequence' | 'vector' | 'pictures' | 'state';

interface Wire {
  readonly kind: Kind;
  /** `node.port`. */
  readonly from: string;
}

const inputs: ReadonlySet<string> = new Set(['token-input', 'series-input', 'image-input', 'frames-input']);

const attempts = 200;

const customCells = cellLibrary.map(({ equations }) => ({ kind: 'custom-cell', params: { equations } }));

/** A graph that compiles, of layers, settings, wires and node names that the seed draws; every layer kind can be in it. */
export function randomGraph(seed: number): ParityCase {
  const random = new Random(seed, 'graphs');
  for (let attempt = 0; attempt < attempts; attempt++) {
    try {
      return new Draw(random, `graph ${seed}`).case();
    } catch (error) {
      // Widths or times that do not fit, or a language model that looks ahead: another draw.
      if (!(error instanceof Error) || !error.message.startsWith(`graph ${seed}:`)) throw error;
    }
  }
  throw new Error(`graph ${seed}: none of ${attempts} draws compiles`);
}

class Draw {
  readonly #graph = new GraphBuilder();
  readonly #used = new Set<string>();
  readonly #wires: Wire[] = [];
  readonly #random: Random;
  readonly #title: string;

  constructor(random: Random, title: string) {
    this.#random = random;
    this.#title = title;
  }

  case(): ParityCase {
    const task = this.#one(taskKind.options);
    const says = task === 'sequence-to-sequence';
    const words = task === 'language-model' || (task !== 'forecasting' && this.#chance(0.6));
    if (words) this.#tokens('token-input', 'tokens');
    else if (task === 'forecasting' || this.#chance(0.6)) this.#put('series-input', {}, {}, ['sequence', 'sequence']);
    else this.#pictures();
    const layers = this.#random.below(5);
    for (let i = 0; i < layers; i++) this.#layer();
    if (says) this.#decoder();
    const every = says || task === 'language-model' || task === 'step-tagging';
    const last = this.#wires.findLast(({ kind }) => kind === (every ? 'sequence' : 'vector'));
    const input = last?.from ?? (every ? this.#pick('sequence') : this.#recurrent('last'));
    const wanted = this.#chance(0.3) ? 2 : 3;
    const numbers = task === 'forecasting' || task === 'sequence-regression';
    const binary = wanted === 2 && !says && task !== 'language-model' && this.#chance(0.5);
    this.#graph.add(this.#name(), numbers ? 'linear-regression' : binary ? 'dense-sigmoid' : 'dense-softmax', {}, { input });
    const made = parityCase(this.#title, this.#blocks(this.#graph.document(task)), wanted);
    // A decoder that nothing of the input reaches.
    if (!made.plan.modules.some(({ kind }) => inputs.has(kind))) throw new Error(`${this.#title}: it reads no input`);
    return made;
  }

  /** Some of its nodes collapsed into blocks, blocks among them, some of them repeated. */
  #blocks(document: UnrollDocument): UnrollDocument {
    let drawn = document;
    for (let i = this.#random.below(4); i > 0; i--) {
      // What follows each other in an order in which each comes after what it depends on: no wire leaves it and comes back.
      const from = this.#random.below(drawn.nodes.length);
      // One node alone is the likeliest to give what it takes.
      const to = this.#chance(0.4) ? from : this.#random.below(drawn.nodes.length);
      const chosen = drawn.nodes
        .slice(Math.min(from, to), Math.max(from, to) + 1)
        .flatMap(({ id, kind }) => (['input', 'head'].includes(findLayer(kind)?.family ?? '') ? [] : [id]));
      const result = collapse(drawn, new Set(chosen), this.#one([...names, 'Encoder', 'Add 2', 'Tensor', '1st', 'été']));
      if (!result.ok) continue;
      drawn = result.document;
      if (!this.#chance(0.7)) continue;
      const repeated = setRepeat(drawn, noFacts, result.id, 2 + this.#random.below(3));
      if (repeated.ok) drawn = repeated.document;
    }
    return drawn;
  }

  #tokens(kind: 'token-input' | 'target-input', port: string): void {
    const from = this.#put(kind, {}, {}, [port, 'tokens']);
    if (this.#chance(0.5)) this.#put('one-hot', {}, { tokens: from }, ['sequence', 'sequence']);
    else this.#put('embedding', { width: 1 + this.#random.below(5) }, { tokens: from }, ['sequence', 'sequence']);
  }

  #pictures(): void {
    const frames = this.#chance(0.5);
    let pictures = this.#put(frames ? 'frames-input' : 'image-input', {}, {}, [frames ? 'frames' : 'image', 'pictures']);
    for (let i = this.#random.below(3); i > 0; i--) {
      const activation = this.#one(['relu', 'tanh', 'identity']);
      const settings = { filters: 1 + this.#random.below(3), kernel: this.#one(['1', '3', '5']), activation };
      pictures = this.#put('convolution', { ...settings, pool: 1 + this.#random.below(2) }, { pictures }, ['output', 'pictures']);
    }
    const kind = frames ? 'sequence' : 'vector';
    this.#put('flatten', { mode: this.#one(['all', 'mean']) }, { pictures }, ['output', kind]);
  }

  #layer(): void {
    const like = this.#one(['sequence', 'vector'] as const);
    const input = this.#pick(like);
    switch (this.#random.below(9)) {
      case 0:
        return void this.#put('dropout', { rate: 0.3 }, { input }, ['output', like]);
      case 1:
        return void this.#put('layer-norm', { epsilon: this.#one([1e-5, 1e-3]) }, { input }, ['output', like]);
      case 2: {
        const activation = this.#one(['identity', 'relu', 'tanh', 'sigmoid']);
        return void this.#put('dense', { units: 1 + this.#random.below(5), activation }, { input }, ['output', like]);
      }
      case 3:
        return void this.#put('concat', {}, { inputs: [input, this.#pick(like)] }, ['output', like]);
      case 4:
        return void this.#put('add', {}, { inputs: [input, this.#pick(like)] }, ['output', like]);
      case 5: {
        const settings = { layers: 1 + this.#random.below(2), join: 2 + this.#random.below(2) };
        const output = this.#one(['every-step', 'last', 'mean', 'max'] as const);
        const directions = this.#one(['both', 'forward']);
        return void this.#wrapper('pyramid', { ...settings, directions }, output, {});
      }
      default:
        this.#recurrent(this.#one(['every-step', 'every-step', 'last', 'mean', 'max'] as const));
    }
  }

  #recurrent(output: 'every-step' | 'last' | 'mean' | 'max'): string {
    const stack = { layers: 1 + this.#random.below(2), residual: this.#chance(0.2) };
    if (this.#chance(0.3))
      return this.#wrapper('bidirectional', { ...stack, merge: this.#one(['concat', 'sum', 'mean', 'product']) }, output, {});
    const state = this.#chance(0.3) ? this.#wires.findLast(({ kind }) => kind === 'state') : undefined;
    const settings = { ...stack, direction: this.#one(['forward', 'forward', 'backward']) };
    return this.#wrapper('recurrent', settings, output, state ? { initial: state.from } : {});
  }

  #wrapper(
    kind: string,
    settings: Readonly<Record<string, string | number | boolean>>,
    output: string,
    more: Readonly<Record<string, string>>,
  ): string {
    const wires = { sequence: this.#pick('sequence'), cell: this.#cell(), ...more };
    const node = this.#put(kind, { ...settings, output }, wires, ['output', output === 'every-step' ? 'sequence' : 'vector']);
    this.#wires.push({ kind: 'state', from: node.replace(/output$/, 'state') });
    return node;
  }

  /** Widths are few, so that states fit other cells now and then. */
  #cell(): string {
    const { kind, params } = this.#one(this.#chance(0.1) ? customCells : Object.values(cells));
    const id = this.#name();
    this.#graph.add(id, kind, { ...params, hidden: 'projection' in params ? 3 : this.#one([1, 3, 4]) });
    return `${id}.cell`;
  }

  #decoder(): void {
    const memory = this.#wires.findLast(({ kind }) => kind === 'sequence')?.from;
    const from = this.#wires.findLast(({ kind }) => kind === 'state' || kind === 'vector')?.from ?? this.#recurrent('last');
    this.#tokens('target-input', 'tokens');
    const cell = this.#cell();
    const layers = 1 + this.#random.below(2);
    const initial = this.#put('bridge', { layers, activation: this.#one(['tanh', 'identity']) }, { from, cell }, [
      'state',
      'state',
    ]);
    const attention = memory === undefined ? 'none' : this.#one(['none', 'general', 'additive']);
    const wires = { sequence: this.#pickLast('sequence'), cell, ...(this.#chance(0.8) ? { initial } : {}) };
    const looking = attention === 'none' || memory === undefined ? {} : { memory };
    this.#put('decoder', { attention, attentionWidth: 3, layers }, { ...wires, ...looking }, ['output', 'sequence']);
  }

  #put(
    kind: string,
    settings: Readonly<Record<string, string | number | boolean>>,
    wires: Readonly<Record<string, string | readonly string[]>>,
    [port, gives]: readonly [string, Kind],
  ): string {
    const from = `${this.#graph.add(this.#name(), kind, settings, wires)}.${port}`;
    this.#wires.push({ kind: gives, from });
    return from;
  }

  #pick(kind: Kind): string {
    const found = this.#wires.filter((wire) => wire.kind === kind);
    if (found.length === 0) throw new Error(`${this.#title}: there is no ${kind} yet`);
    return this.#one(found).from;
  }

  #pickLast(kind: Kind): string {
    return this.#wires.findLast((wire) => wire.kind === kind)?.from ?? this.#pick(kind);
  }

  #name(): string {
    const name = this.#one(names);
    const free = this.#used.has(name) ? `${name}_${this.#used.size}` : name;
    this.#used.add(free);
    return free;
  }

  #chance(share: number): boolean {
    return this.#random.uniform() < share;
  }

  #one<T>(from: readonly T[]): T {
    const found = from[this.#random.below(from.length)];
    if (found === undefined) throw new Error(`${this.#title}: nothing to choose from`);
    return found;
  }
}
