import type { Plan } from '../../compile/plan.ts';
import type { TorchFunction, TorchModule } from '../../layers/torch.ts';
import { constructorCall } from '../../layers/torch-call.ts';
import { type BlockChild, LevelWriter, type StateList } from './block-bodies.ts';
import { BlockClasses } from './block-classes.ts';
import { BlockPlan, namesIn, stepsOf } from './block-plan.ts';
import { ForwardWriter } from './forward-writer.ts';
import { indented, variableName } from './python.ts';
import { functionSources, sourceOf } from './python-sources.ts';
import { writeSeq2Seq } from './seq2seq-writer.ts';
import {
  carried,
  className,
  everyStep,
  headOf,
  headWidth,
  inputName,
  ownModules,
  torchModules,
  torchNode,
} from './torch-plan.ts';

/**
 * `model.py`: the plan as an `nn.Module` in the style of the lectures' RNNTagger (row L26). Depends on torch alone, holds only what
 * this model needs, and is made from the plan's generated names and numbers: no text of a user reaches it.
 */
export function writeModule(plan: Plan): string {
  const modules = torchModules(plan);
  if (plan.task === 'sequence-to-sequence') {
    const written = writeSeq2Seq(plan);
    const blocks = new BlockClasses(written.children, classNames(plan));
    const model = [
      `class ${className(plan)}(nn.Module):`,
      `    """${describe(plan)}"""`,
      '',
      ...initMethod(ownModules(plan), blocks.attributes(written.children)),
      ...written.lines,
    ];
    return moduleFile(modules, written.functions, [...blocks.sources(), model.join('\n')]);
  }
  const states = carried(modules);
  const forward = writeForward(plan, states);
  const blocks = new BlockClasses(forward.children, classNames(plan));
  const init = initMethod(ownModules(plan), blocks.attributes(forward.children));
  const model = modelClass(plan, init, states, forward.lines);
  return moduleFile(modules, forward.functions, [...blocks.sources(), model.join('\n')]);
}

const classNames = (plan: Plan): readonly string[] => [className(plan), ...torchModules(plan).map((module) => module.className)];

/** The file: what it needs of torch, functions and classes that it brings along, and the blocks and the model. */
function moduleFile(modules: readonly TorchModule[], used: ReadonlySet<TorchFunction>, own: readonly string[]): string {
  const stock = modules.filter((module) => module.state !== undefined && sourceOf(module) === undefined);
  const functions = [...functionSources].flatMap(([name, source]) => (used.has(name) ? [source(stateType(stock))] : []));
  const classes = [...new Set(modules.map(sourceOf))].filter((source) => source !== undefined);
  const parts = [...functions, ...classes, ...own];
  const linear = classes.some((source) => /(?<![.\w])linear\(/.test(source));
  const torch = parts.some((part) => part.includes('torch.'));
  return `${[header(used, { torch, linear }), ...parts].join('\n\n\n')}\n`;
}

function initMethod(modules: readonly TorchModule[], blocks: readonly string[]): readonly string[] {
  const constructors = modules.map((module) => `self.${module.attribute} = ${constructorCall(module)}`);
  return ['    def __init__(self) -> None:', '        super().__init__()', ...indented([...constructors, ...blocks], 2)];
}

function header(functions: ReadonlySet<TorchFunction>, uses: { readonly torch: boolean; readonly linear: boolean }): string {
  const functional = (['log_softmax', 'max_pool2d', 'one_hot'] as const).filter((name) => functions.has(name));
  const names = [...(uses.linear ? ['linear'] : []), ...functional].sort();
  return [
    '"""The network as a PyTorch module; its weights are in model.safetensors.',
    '',
    'Batch first: B rows, T steps, padded to the longest row. lengths [B] says how many steps of each row',
    'are real; padding never changes a result.',
    '"""',
    'from __future__ import annotations',
    '',
    ...(uses.torch ? ['import torch'] : []),
    'from torch import Tensor, nn',
    ...(names.length > 0 ? [`from torch.nn.functional import ${names.join(', ')}`] : []),
    ...(functions.has('unroll') ? ['from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence'] : []),
  ].join('\n');
}

function modelClass(
  plan: Plan,
  init: readonly string[],
  states: readonly TorchModule[],
  forward: readonly string[],
): readonly string[] {
  const annotation = stateAnnotation(states);
  return [
    `class ${className(plan)}(nn.Module):`,
    `    """${describe(plan)}"""`,
    '',
    ...init,
    ...(states.length > 0 ? indented([`self.hidden: ${annotation} | None = None  # state after the last call`], 2) : []),
    ...(states.length > 0 ? ['', ...indented(initHidden(states, annotation), 1)] : []),
    '',
    ...indented(forwardSignature(plan, states.length > 0 ? annotation : null), 1),
    ...indented(forward, 2),
  ];
}

/** `Tensor`, a tuple with one for each part of the state, or both. */
function stateType(modules: readonly TorchModule[]): string {
  const types = modules.map((module) => {
    const parts = module.state?.widths.length ?? 1;
    return parts === 1 ? 'Tensor' : `tuple[${Array.from({ length: parts }, () => 'Tensor').join(', ')}]`;
  });
  return [...new Set(types)].sort().join(' | ');
}

const stateAnnotation = (states: readonly TorchModule[]): string =>
  states.length === 1 ? stateType(states) : `list[${stateType(states)}]`;

function initHidden(states: readonly TorchModule[], annotation: string): readonly string[] {
  const zeros = (module: TorchModule): string => {
    const { layers, widths } = module.state ?? { layers: 1, widths: [] };
    return widths.map((width) => `weight.new_zeros(${layers}, batch_size, ${width})`).join(', ');
  };
  const [first] = states;
  if (first === undefined) return [];
  const start = [`def init_hidden(self, batch_size: int) -> ${annotation}:`];
  const weight = '    weight = next(self.parameters())  # for its device and type';
  if (states.length === 1) {
    const parts = first.state?.parts ?? [];
    return [
      ...start,
      `    """State before the first step: ${listed(parts)}, zeros [layers * directions, B, H]."""`,
      weight,
      `    return ${zeros(first)}`,
    ];
  }
  return [
    ...start,
    '    """States before the first step, one a recurrent module: zeros [layers * directions, B, H]."""',
    weight,
    '    return [',
    ...states.map((module) => {
      const several = (module.state?.widths.length ?? 1) > 1;
      return `        ${several ? `(${zeros(module)})` : zeros(module)},  # ${module.attribute}`;
    }),
    '    ]',
  ];
}

/** `h`, `h and c`, `h, c and s` */
const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

function forwardSignature(plan: Plan, annotation: string | null): readonly string[] {
  const input = inputName(plan);
  const hidden = annotation === null ? [] : [`hidden: ${annotation} | None = None`];
  const all = ['self', `${input}: Tensor`, 'lengths: Tensor', ...hidden];
  const one = `def forward(${all.join(', ')}) -> Tensor:`;
  const signature = one.length <= 96 ? [one] : ['def forward(', `    ${all.join(', ')}`, ') -> Tensor:'];
  const taken = input === 'tokens' ? 'tokens [B, T]' : `series [B, T, ${plan.facts.features}]`;
  const result = headWords(plan);
  return [
    ...signature,
    `    """${capital(result.words)}: ${taken}, lengths [B] -> ${result.shape}.`,
    ...(annotation === null
      ? []
      : ['', '    Starts from hidden, or from zeros; the state after the last step stays in self.hidden.']),
    '    """',
  ];
}

/** What the module returns, in words and as a shape. */
function headWords(plan: Plan): { readonly words: string; readonly shape: string } {
  const steps = everyStep(plan);
  const each = steps ? ' at each step' : '';
  const given = steps ? '[B, T' : '[B';
  switch (headOf(plan).kind) {
    case 'dense-softmax':
      return { words: `log-probabilities of ${headWidth(plan)} classes${each}`, shape: `${given}, ${headWidth(plan)}]` };
    case 'dense-sigmoid':
      return { words: `probability of the second class${each}`, shape: `${given}]` };
    default:
      return { words: `normalized numbers${each}`, shape: `${given}, ${headWidth(plan)}]` };
  }
}

/** One sentence: what flows through the module. */
function describe(plan: Plan): string {
  const words: Record<string, string> = {
    'token-input': 'tokens',
    'series-input': 'series',
    'dense-softmax': 'dense -> log-softmax',
    'dense-sigmoid': 'dense -> sigmoid',
    'linear-regression': 'dense',
    'one-hot': 'one-hot',
    'layer-norm': 'layer norm',
  };
  const told = plan.modules.map((module) => {
    const node = torchNode(module);
    if (node.cell === null) return words[module.kind] ?? module.kind;
    const cell = node.cell.className.replace('nn.', '');
    const deep =
      typeof module.config['layers'] === 'number' && module.config['layers'] > 1 ? `${module.config['layers']}-layer ` : '';
    return module.kind === 'bidirectional' ? `${deep}bidirectional ${cell}` : `${deep}${cell}`;
  });
  const text = repeats(told).join(isChain(plan) ? ' -> ' : ', ');
  return text.length > 88 ? `A network of ${plan.modules.length} layers.` : `${capital(text)}.`;
}

/** `a, b, b, b` → `a, 3 x b`. */
function repeats(words: readonly string[]): readonly string[] {
  const runs: { word: string; count: number }[] = [];
  for (const word of words) {
    const last = runs.at(-1);
    if (last?.word === word) last.count++;
    else runs.push({ word, count: 1 });
  }
  return runs.map(({ word, count }) => (count === 1 ? word : `${count} x ${word}`));
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

interface Forward {
  readonly children: readonly BlockChild[];
  readonly lines: readonly string[];
  readonly functions: ReadonlySet<TorchFunction>;
}

function writeForward(plan: Plan, states: readonly TorchModule[]): Forward {
  const chain = plan.levels === undefined && isChain(plan);
  const plain = states.length === 1;
  const state = (attribute: string): string => {
    const index = states.findIndex((module) => module.attribute === attribute);
    if (index < 0) return `${attribute}_state`;
    return plain ? 'self.hidden' : `self.hidden[${index}]`;
  };
  const writer = new ForwardWriter(state, (module) => (chain ? 'x' : variableName(module.name)));
  if (states.length > 0) {
    const fresh = `self.init_hidden(${inputName(plan)}.size(0))`;
    const copy = plain ? 'hidden' : 'list(hidden)';
    writer.lines.push(`self.hidden = ${fresh} if hidden is None else ${copy}`);
  }
  const list: StateList = { list: 'self.hidden', plain, attributes: states.map(({ attribute }) => attribute) };
  const level = new LevelWriter(new BlockPlan(plan), '', list, writer, namesIn(plan), new Set());
  level.write(stepsOf(plan));
  for (const module of torchModules(plan)) if (sourceOf(module) !== undefined) writer.functions.add('real_steps');
  writer.lines.push(`return ${writer.value(plan.head, 'result')}`);
  return { children: level.children, lines: writer.lines, functions: writer.functions };
}

/** Whether every layer feeds the next one alone: then one variable `x` is enough. */
function isChain(plan: Plan): boolean {
  return plan.modules.every((module, index) => {
    const wires = Object.entries(module.inputs).flatMap(([port, from]) => (port === 'initial' ? [] : from));
    return index === 0 ? wires.length === 0 : wires.length === 1 && wires[0]?.module === plan.modules[index - 1]?.id;
  });
}
