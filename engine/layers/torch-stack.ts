import type { TorchCell } from '../cells/export/torch-cell.ts';
import { known, only } from './ports.ts';
import { addsInputs, type Stack } from './stack.ts';
import { type TorchForward, type TorchModule, type TorchNode, type TorchScope, type TorchWeight, wired } from './torch.ts';
import { cellOf, hiddenOf, poolLines, recurrentModule, runCall, runFunctions, weightName } from './torch-recurrent.ts';
import type { OutputMode } from './wrapper-output.ts';

export type Merge = 'concat' | 'sum' | 'mean' | 'product';

/** A wrapper's settings as its export sees them. */
export interface StackSettings extends Stack {
  readonly output: OutputMode;
  /** How two directions become one; `null` for one direction. */
  readonly merge: Merge | null;
  /** Whether the one direction runs backwards. */
  readonly backward: boolean;
}

/** One layer of a stack: its attributes, one unless a cell that `torch.nn` lacks runs in both directions. */
interface Level {
  readonly attributes: readonly string[];
}

/**
 * Whether one module holds the whole stack: `nn.RNN/GRU/LSTM` does where nothing but dropout comes between its layers. Otherwise each
 * layer is a module of its own.
 */
const inOneModule = (cell: TorchCell, settings: StackSettings): boolean =>
  cell.stock && (settings.layers === 1 || (!settings.residual && (settings.merge === null || settings.merge === 'concat')));

const dropoutName = (node: TorchNode<unknown>): string => `${node.name}_dropout`;

function levels(node: TorchNode<unknown>, settings: StackSettings): readonly Level[] {
  const cell = cellOf(node);
  if (inOneModule(cell, settings)) return [{ attributes: [node.name] }];
  const twice = !cell.stock && settings.merge !== null;
  return Array.from({ length: settings.layers }, (_, layer) => {
    const name = settings.layers === 1 ? node.name : `${node.name}_l${layer}`;
    return { attributes: twice ? [name, `${name}_reverse`] : [name] };
  });
}

/** The modules of a wrapper. */
export function stackModules(node: TorchNode<unknown>, settings: StackSettings): readonly TorchModule[] {
  const cell = cellOf(node);
  const { layers, merge, dropout } = settings;
  const input = known(only(node.inputTypes, 'sequence', 'sequence').features, `input width of ${node.name}`);
  const given = node.inputTypes['initial']?.[0] !== undefined;
  const directions = merge !== null && cell.stock ? 2 : 1;
  if (inOneModule(cell, settings)) return [recurrentModule(node, node.name, { input, layers, directions, dropout, given })];
  const between = (cell.widths[0] ?? 0) * (merge === 'concat' ? 2 : 1);
  const modules = levels(node, settings).flatMap(({ attributes }, layer) =>
    attributes.map((attribute) => {
      const width = layer === 0 ? input : between;
      return recurrentModule(node, attribute, { input: width, layers: 1, directions, dropout: 0, given });
    }),
  );
  if (layers === 1 || dropout === 0) return modules;
  return [...modules, { attribute: dropoutName(node), className: 'nn.Dropout', arguments: { p: dropout }, positional: 0 }];
}

/** Where a weight `weight_ih_l1_reverse` goes: to the module of its layer and direction, in which it is the only layer. */
export function stackWeight(node: TorchNode<unknown>, settings: StackSettings, parameter: string): TorchWeight {
  const cell = cellOf(node);
  const signs = cell.signs === undefined ? {} : { signs: cell.signs };
  if (inOneModule(cell, settings)) return { name: `${node.name}.${parameter}`, ...signs };
  const [, name = '', layer = '', reverse = ''] = /^(\w+)_l(\d)(_reverse)?$/.exec(parameter) ?? [];
  const level = levels(node, settings)[Number(layer)];
  const attribute = reverse !== '' && !cell.stock ? level?.attributes[1] : level?.attributes[0];
  if (attribute === undefined) throw new Error(`${node.name}: no module for ${parameter}`);
  return { name: `${attribute}.${weightName(cell, name, reverse)}`, ...signs };
}

/** The lines of `forward`: layer after layer, then what the wrapper gives out of its steps. */
export function stackForward(node: TorchNode<unknown>, scope: TorchScope, settings: StackSettings): TorchForward {
  const cell = cellOf(node);
  const { merge, output: mode, backward } = settings;
  const out = scope.output;
  const lengths = scope.lengths('sequence');
  const all = levels(node, settings);
  const last = mode === 'last' && !addsInputs(settings);
  const given = scope.inputs['initial']?.[0];
  const lines: string[] = [];
  let input = wired(scope, 'sequence');
  if (backward) {
    lines.push(`${out} = reverse_steps(${input}, ${lengths})`);
    input = out;
  }
  all.forEach(({ attributes }, layer) => {
    const top = layer === all.length - 1;
    const adds = addsInputs(settings) && layer > 0;
    const target = adds ? 'new' : out;
    const states = attributes.map((attribute) => scope.state(attribute));
    const starts = given === undefined ? states : [startOf(cell, given, layer, all.length)];
    lines.push(...layerLines(cell, merge, attributes, { input, target, lengths, states, starts, discard: top && last }));
    if (adds) lines.push(`${out} = ${input} + new`);
    if (!top && settings.dropout > 0) lines.push(`${out} = self.${dropoutName(node)}(${out})`);
    input = out;
  });
  const pool = poolLines(mode, out, lengths);
  if (backward && mode === 'every-step') lines.push(`${out} = reverse_steps(${out}, ${lengths})`);
  lines.push(...pool.lines);
  const top = (all.at(-1)?.attributes ?? []).map((attribute) => scope.state(attribute));
  if (mode === 'last') lines.push(...(last ? lastOfStates(cell, merge, top, out) : lastOfSteps(merge, out, lengths)));
  const states = all.flatMap(({ attributes }) => attributes.map((attribute) => scope.state(attribute)));
  const reverses = backward || (merge !== null && !cell.stock);
  return {
    lines,
    outputs: { output: out, state: joined(cell, states) },
    functions: [
      ...runFunctions(cell),
      ...pool.functions,
      ...(reverses ? (['reverse_steps'] as const) : []),
      ...(mode === 'last' && !last ? (['last_step'] as const) : []),
    ],
  };
}

interface LayerCall {
  readonly input: string;
  readonly target: string;
  readonly lengths: string;
  /** Where each attribute's state is left, and what it starts from. */
  readonly states: readonly string[];
  readonly starts: readonly string[];
  /** Only the state is wanted. */
  readonly discard: boolean;
}

/** One layer: from `input` to `target`, both directions merged. */
export function layerLines(
  cell: TorchCell,
  merge: Merge | null,
  attributes: readonly string[],
  call: LayerCall,
): readonly string[] {
  const { input, target, lengths, discard } = call;
  const [attribute = '', reverse] = attributes;
  const [state = '', reverseState = ''] = call.states;
  const run = (variable: string): string =>
    `${discard ? '_' : variable}, ${state} = ${runCall(cell, attribute, input, lengths, call.starts[0] ?? state)}`;
  if (reverse !== undefined && merge !== null) {
    const back = runCall(cell, reverse, 'back', lengths, reverseState);
    return [
      run('ahead'),
      `back = reverse_steps(${input}, ${lengths})`,
      `${discard ? '_' : 'back'}, ${reverseState} = ${back}`,
      ...(discard ? [] : [`${target} = ${merged(merge, 'ahead', `reverse_steps(back, ${lengths})`)}`]),
    ];
  }
  if (merge === null || merge === 'concat' || discard) return [run(target)];
  return [run(target), `ahead, back = ${target}.chunk(2, dim=-1)`, `${target} = ${merged(merge, 'ahead', 'back')}`];
}

/** The last step's output out of the last layer's state. */
export function lastOfStates(cell: TorchCell, merge: Merge | null, states: readonly string[], out: string): readonly string[] {
  const [first = '', second] = states;
  const h = hiddenOf(cell, first);
  if (merge === null) return [`${out} = ${h}[-1]`];
  if (second !== undefined) return [`${out} = ${merged(merge, `${h}[-1]`, `${hiddenOf(cell, second)}[-1]`)}`];
  return [`ahead, back = ${h}[-2:]  # h of both directions`, `${out} = ${merged(merge, 'ahead', 'back')}`];
}

/** The last step's output out of a sequence to which inputs were added. The two halves of both directions end at different steps. */
function lastOfSteps(merge: Merge | null, out: string, lengths: string): readonly string[] {
  if (merge === null) return [`${out} = last_step(${out}, ${lengths})`];
  return [`ahead, back = ${out}.chunk(2, dim=-1)`, `${out} = torch.cat([last_step(ahead, ${lengths}), back[:, 0]], dim=-1)`];
}

/** One layer's part of a state that another node left. */
function startOf(cell: TorchCell, given: string, layer: number, modules: number): string {
  if (modules === 1) return given;
  const part = `[${layer}:${layer + 1}]`;
  return cell.widths.length === 1 ? `${given}${part}` : `tuple(part${part} for part in ${given})`;
}

/** The states of several modules as one, `[layers * directions, B, H]`. */
function joined(cell: TorchCell, states: readonly string[]): string {
  const [only = ''] = states;
  if (states.length === 1) return only;
  return cell.widths.length === 1 ? `torch.cat([${states.join(', ')}])` : `tuple(map(torch.cat, zip(${states.join(', ')})))`;
}

function merged(merge: Merge, ahead: string, back: string): string {
  switch (merge) {
    case 'concat':
      return `torch.cat([${ahead}, ${back}], dim=-1)`;
    case 'sum':
      return `${ahead} + ${back}`;
    case 'mean':
      return `(${ahead} + ${back}) / 2`;
    case 'product':
      return `${ahead} * ${back}`;
  }
}

/** Attributes of a wrapper that carry a state, with where each starts when another node's state is wired in. */
export function stackStarts(node: TorchNode<unknown>, settings: StackSettings, given: string): readonly string[] {
  const all = levels(node, settings);
  return all.map((_level, layer) => startOf(cellOf(node), given, layer, all.length));
}
