import type { PlanBlock, PlanLevel, PlanStep } from '../../compile/plan.ts';
import type { TorchFunction, TorchModule } from '../../layers/torch.ts';
import { torchLayer } from '../../layers/torch-modules.ts';
import type { ValueType } from '../../shapes/value-type.ts';
import type { BlockPlan } from './block-plan.ts';
import { ForwardWriter } from './forward-writer.ts';
import { variableName } from './python.ts';
import { torchNode } from './torch-plan.ts';

/** What one copy of a placed block is written from. */
export interface BlockBody {
  readonly definition: string;
  readonly title: string;
  /** Under their names in the block. */
  readonly modules: readonly TorchModule[];
  readonly children: readonly BlockChild[];
  /** Of `forward`, beside `self`, and what it returns. */
  readonly parameters: readonly string[];
  readonly results: readonly string[];
  readonly lines: readonly string[];
  readonly functions: ReadonlySet<TorchFunction>;
  /** Of its modules and those of its children that carry one. */
  readonly states: number;
}

export interface BlockChild {
  readonly name: string;
  readonly repeated: boolean;
  readonly copies: readonly BlockBody[];
}

/** Where the states of what is written stand in the list, and what that list is called. */
export interface StateList {
  /** `self.hidden`, `hidden`. */
  readonly list: string;
  /** The one state itself is in `list`. */
  readonly plain: boolean;
  /** Attributes by their full names, in the order of the list. */
  readonly attributes: readonly string[];
}

/** Writes the steps of a level, blocks as calls of their modules. */
export class LevelWriter {
  readonly children: BlockChild[] = [];
  readonly #plan: BlockPlan;
  readonly #prefix: string;
  readonly #states: StateList;
  readonly #writer: ForwardWriter;
  readonly #generating: ReadonlySet<string>;
  readonly #names: Set<string>;

  /** @param prefix of the names of this level's modules: ``, `encoder.0.` */
  constructor(
    plan: BlockPlan,
    prefix: string,
    states: StateList,
    writer: ForwardWriter,
    names: Set<string>,
    generating: ReadonlySet<string>,
  ) {
    this.#plan = plan;
    this.#prefix = prefix;
    this.#states = states;
    this.#writer = writer;
    this.#names = names;
    this.#generating = generating;
  }

  write(steps: readonly PlanStep[]): void {
    for (const step of steps) {
      if (step.kind === 'block') this.#call(step);
      else this.#writer.write(this.#plan.local(step), this.#generating.has(step.id) ? ['initial'] : []);
    }
  }

  #call(block: PlanBlock): void {
    const given = this.#arguments(block);
    const path = `${this.#prefix}${block.name}.`;
    const repeated = block.copies.length > 1;
    const written = block.copies.map((level, copy) => {
      const prefix = repeated ? `${path}${copy}.` : path;
      return writeBody(this.#plan, block, level, prefix, given, this.#states, this.#generating);
    });
    this.children.push({ name: block.name, repeated, copies: written.map(({ body }) => body) });
    const [first] = written;
    if (first === undefined) return;
    for (const name of first.body.functions) this.#writer.functions.add(name);
    const variables = first.outputs.map(({ port }) => this.#variable(block, first.outputs.length === 1 ? '' : port));
    const made = new Map<string, string>();
    first.outputs.forEach((output, at) => {
      if (output.made !== null && !made.has(output.made)) made.set(output.made, `${variables[at]}_lengths`);
    });
    const times = timesOf(given);
    const call: Call = { block, path, first, given, times, targets: [...variables, ...made.values()] };
    this.#writer.lines.push(...(repeated ? this.#loop(call) : this.#once(call)));
    first.outputs.forEach(({ port, lengths, made: fresh }, at) => {
      const kept = times.find(({ parameter }) => parameter === lengths)?.expression ?? null;
      const { module, port: from } = this.#plan.source({ module: block.id, port });
      this.#writer.given(module, from, variables[at] ?? '', fresh === null ? kept : (made.get(fresh) ?? null));
    });
  }

  #arguments(block: PlanBlock): readonly Argument[] {
    return Object.entries(block.inputs).flatMap(([port, wire]): Argument[] => {
      const { module, port: from } = this.#plan.source(wire);
      const expression = this.#writer.known(module, from);
      if (expression === null || !this.#plan.reads(block, port, this.#generating)) return [];
      return [{ port, expression, lengths: this.#writer.lengths(module, from), type: this.#plan.typeOf(wire) }];
    });
  }

  #once({ block, path, first, given, times, targets }: Call): readonly string[] {
    const hidden = this.#slice(path);
    const taken = [...given, ...times].map(({ expression }) => expression);
    const both = hidden === null ? [] : [hidden];
    return [
      `${[...targets, ...both].join(', ')} = self.${block.name}(${[...taken, ...both].join(', ')})`,
      ...aligned(first.body, `self.${block.name}`),
    ];
  }

  /** One copy after the other, each from what the one before it gave. */
  #loop({ block, path, first, given, times, targets }: Call): readonly string[] {
    const each = this.#free(`each_${block.name}`);
    const [start, [own = 0]] = [[...given, ...times].map(({ expression }) => expression), this.#range(path)];
    const { states } = first.body;
    // What arrives and what is given are one value, and one time axis at most; a copy that leaves the axis alone gets the same lengths.
    const passed = targets.length === start.length ? targets : [...targets, ...start.slice(targets.length)];
    const place = `${own === 0 ? '' : `${own} + `}${states === 1 ? 'i' : `${states} * i`}`;
    const hidden = states === 0 ? [] : [`${this.#states.list}[${place}:${place} + ${states}]`];
    return [
      ...targets.map((target, at) => `${target} = ${start[at]}`),
      states === 0 ? `for ${each} in self.${block.name}:` : `for i, ${each} in enumerate(self.${block.name}):`,
      `    ${[...targets, ...hidden].join(', ')} = ${each}(${[...passed, ...hidden].join(', ')})`,
      ...aligned(first.body, each).map((line) => `    ${line}`),
    ];
  }

  #variable(block: PlanBlock, port: string): string {
    return this.#free(variableName([block.name, ...(port === '' ? [] : [pythonWord(port)])].join('_')));
  }

  #free(stem: string): string {
    let name = stem;
    while (this.#names.has(name)) name = `${name}_`;
    this.#names.add(name);
    return name;
  }

  /** First and number of a block's states in the list. */
  #range(path: string): readonly [number, number] | readonly [] {
    const own = this.#states.attributes.flatMap((name, at) => (name.startsWith(path) ? [at] : []));
    return own[0] === undefined ? [] : [own[0], own.length];
  }

  /** The states of a block in the list; `null` where it carries none. */
  #slice(path: string): string | null {
    const { list, plain } = this.#states;
    const [first, count] = this.#range(path);
    if (first === undefined || count === undefined) return null;
    return plain ? `[${list}]` : `${list}[${first}:${first + count}]`;
  }
}

/** A decoder in a block leaves its alignment there. */
const aligned = ({ functions }: BlockBody, block: string): readonly string[] =>
  functions.has('attend') ? [`self.alignment = ${block}.alignment`] : [];

interface Call {
  readonly block: PlanBlock;
  readonly path: string;
  readonly first: WrittenBody;
  readonly given: readonly Argument[];
  readonly times: readonly Time[];
  /** Variables of its outputs, and of the lengths that it makes. */
  readonly targets: readonly string[];
}

interface Argument {
  readonly port: string;
  readonly expression: string;
  readonly lengths: string | null;
  readonly type: ValueType | undefined;
}

interface Time {
  readonly axis: string;
  readonly parameter: string;
  readonly expression: string;
}

const timeOf = (type: ValueType | undefined): string | null => (type && 'time' in type ? type.time : null);

/** The first axis is `lengths`; another one goes by the port that brings it. */
function timesOf(given: readonly Argument[]): readonly Time[] {
  const axes = new Map<string, Time>();
  for (const { port, lengths, type } of given) {
    const axis = timeOf(type);
    if (lengths === null || axis === null || axes.has(axis)) continue;
    const parameter = axes.size === 0 ? 'lengths' : `${pythonWord(port)}_lengths`;
    axes.set(axis, { axis, parameter, expression: lengths });
  }
  return [...axes.values()];
}

interface WrittenBody {
  readonly body: BlockBody;
  /** By port; `lengths` in the block's own words, `made` where the block made that time axis. */
  readonly outputs: readonly { readonly port: string; readonly lengths: string | null; readonly made: string | null }[];
}

function writeBody(
  plan: BlockPlan,
  block: PlanBlock,
  level: PlanLevel,
  prefix: string,
  given: readonly Argument[],
  states: StateList,
  generating: ReadonlySet<string>,
): WrittenBody {
  const own = states.attributes.filter((name) => name.startsWith(prefix));
  const list: StateList = { list: 'hidden', plain: false, attributes: own };
  const modules = level.steps.flatMap((step) => (step.kind === 'module' ? [plan.local(step)] : []));
  const names = new Set(modules.map(({ name }) => variableName(name)));
  const index = (attribute: string): number => own.indexOf(`${prefix}${attribute}`);
  const writer = new ForwardWriter(
    (attribute) => (index(attribute) < 0 ? `${attribute}_state` : `hidden[${index(attribute)}]`),
    (module) => variableName(module.name),
  );
  const times = timesOf(given);
  const parameters = given.map((argument) => {
    const id = level.inputs.find((input) => input.endsWith(`/${argument.port}`)) ?? '';
    const name = argumentName(argument.port, names);
    names.add(name);
    const time = times.find(({ axis }) => axis === timeOf(argument.type));
    writer.given(id, 'value', name, argument.lengths === null ? null : (time?.parameter ?? null));
    return `${name}: ${annotation(argument.type)}`;
  });
  const inner = new LevelWriter(plan, prefix, list, writer, names, generating);
  inner.write(level.steps);
  const outputs = Object.entries(level.outputs).flatMap(([port, wire]) => {
    const source = plan.source(wire);
    const expression = writer.known(source.module, source.port);
    if (expression === null) return [];
    const lengths = writer.lengths(source.module, source.port);
    const made = lengths === null || times.some(({ parameter }) => parameter === lengths) ? null : lengths;
    return [{ port, expression, lengths, made }];
  });
  const fresh = [...new Set(outputs.flatMap(({ made }) => (made === null ? [] : [made])))];
  const hidden = own.length > 0 ? ['hidden: list'] : [];
  return {
    outputs,
    body: {
      definition: block.definition,
      title: block.title,
      modules: modules.flatMap((module) => torchLayer(module.kind).modules(torchNode(module))),
      children: inner.children,
      parameters: [...parameters, ...times.map(({ parameter }) => `${parameter}: Tensor`), ...hidden],
      results: [...outputs.map(({ expression }) => expression), ...fresh, ...(own.length > 0 ? ['hidden'] : [])],
      lines: writer.lines,
      functions: writer.functions,
      states: own.length,
    },
  };
}

function annotation(type: ValueType | undefined): string {
  if (type?.type === 'state' && type.parts.length === 2) return 'tuple[Tensor, Tensor]';
  return 'Tensor';
}

const pythonWord = (text: string): string => {
  const word = text
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .toLowerCase()
    .replaceAll(/^_+|_+$/g, '');
  return /^[a-z]/.test(word) ? word : `port_${word}`;
};

/** A port's name as an argument that no variable of the method takes, nor one that is made from a layer's name. */
function argumentName(port: string, names: ReadonlySet<string>): string {
  // As PyTorch calls it; `input` is Python's own.
  const word = port === 'input' ? 'x' : variableName(pythonWord(port));
  const derived = [...names].some((name) => word === name || word.startsWith(`${name}_`) || name.startsWith(`${word}_`));
  let name = derived ? `in_${word}` : word;
  while (names.has(name)) name = `${name}_`;
  return name;
}
