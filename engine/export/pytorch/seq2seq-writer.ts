import { generatingPart } from '../../compile/generating-part.ts';
import type { Plan } from '../../compile/plan.ts';
import { decoderStack } from '../../layers/decoder/torch.ts';
import type { PlanInput, PlanModule } from '../../layers/plan-module.ts';
import type { TorchFunction, TorchModule } from '../../layers/torch.ts';
import { torchLayer } from '../../layers/torch-modules.ts';
import { stackStarts } from '../../layers/torch-stack.ts';
import { type BlockChild, LevelWriter, type StateList } from './block-bodies.ts';
import { BlockPlan, modulesIn, namesIn, stepsOf } from './block-plan.ts';
import { ForwardWriter } from './forward-writer.ts';
import { indented, variableName } from './python.ts';
import { sourceOf } from './python-sources.ts';
import { headWidth, inputName, torchNode } from './torch-plan.ts';

interface Methods {
  readonly children: readonly BlockChild[];
  readonly lines: readonly string[];
  readonly functions: ReadonlySet<TorchFunction>;
}

/**
 * The methods of an encoder–decoder: `encode` reads the input once, `decode` runs over any number of target steps from a state, so that
 * training (all steps at once) and generation (one step a call) are the same code.
 */
export function writeSeq2Seq(plan: Plan): Methods {
  const generating = generatingPart(plan);
  const encoder = plan.modules.filter((module) => !generating.has(module.id));
  const decoder = plan.modules.filter((module) => generating.has(module.id));
  const wires = handedOver(decoder, generating);
  const encode = writeEncode(plan, encoder, wires);
  const decode = writeDecode(plan, decoder, wires, encode.writer);
  const custom = plan.modules.flatMap(modulesOf).some((module) => sourceOf(module) !== undefined);
  const functions = new Set([...encode.writer.functions, ...decode.functions, ...(custom ? (['real_steps'] as const) : [])]);
  const input = inputName(plan);
  const taken = input === 'tokens' ? 'tokens [B, T]' : `series [B, T, ${plan.facts.features}]`;
  return {
    functions,
    children: [...encode.children, ...decode.children],
    lines: [
      '        self.hidden: list | None = None  # states of the decoder after its last step',
      ...(functions.has('attend') ? ['        self.alignment: Tensor | None = None  # of the last call, [B, U, T]'] : []),
      '',
      ...indented(zeroState, 1),
      '',
      ...indented(
        [
          `def encode(self, ${input}: Tensor, lengths: Tensor) -> tuple:`,
          `    """Reads the input: ${taken}, lengths [B] -> what decode needs of it."""`,
          ...indented(encode.lines, 1),
          '',
          'def decode(self, targets: Tensor, target_lengths: Tensor, encoded: tuple, hidden: list | None = None) -> Tensor:',
          `    """Log-probabilities of the next token [B, U, ${headWidth(plan)}] after each of targets [B, U], <bos> first.`,
          '',
          '    Starts from hidden, or from what the encoder gives; the states after the last step stay in self.hidden.',
          '    """',
          ...indented(decode.lines, 1),
          '',
          `def forward(self, ${input}: Tensor, lengths: Tensor, targets: Tensor, target_lengths: Tensor) -> Tensor:`,
          '    """Input and previous target tokens (teacher forcing) -> log-probabilities at every target step."""',
          `    return self.decode(targets, target_lengths, self.encode(${input}, lengths))`,
        ],
        1,
      ),
    ],
  };
}

const zeroState = [
  'def zero_state(self, batch_size: int, layers: int, *widths: int) -> Tensor | tuple[Tensor, ...]:',
  '    """State before the first step: zeros [layers * directions, B, H], for an LSTM h and c."""',
  '    weight = next(self.parameters())  # for its device and type',
  '    parts = tuple(weight.new_zeros(layers, batch_size, width) for width in widths)',
  '    return parts[0] if len(parts) == 1 else parts',
];

const modulesOf = (module: PlanModule): readonly TorchModule[] => torchLayer(module.kind).modules(torchNode(module));

/** Attributes that carry a state, in order. */
const recurrent = (modules: readonly PlanModule[]): readonly TorchModule[] =>
  modules.flatMap(modulesOf).filter((module) => module.state !== undefined);

const zeros = (batch: string, { state }: TorchModule): string =>
  `self.zero_state(${[batch, state?.layers ?? 1, ...(state?.widths ?? [])].join(', ')})`;

/** What the decoder reads of the encoder, each wire once. */
function handedOver(decoder: readonly PlanModule[], generating: ReadonlySet<string>): readonly PlanInput[] {
  const found = new Map<string, PlanInput>();
  for (const wire of decoder.flatMap((module) => Object.values(module.inputs).flat())) {
    if (!generating.has(wire.module)) found.set(`${wire.module}:${wire.port}`, wire);
  }
  return [...found.values()];
}

function writeEncode(plan: Plan, modules: readonly PlanModule[], wires: readonly PlanInput[]) {
  const states = recurrent(modules);
  const index = (attribute: string): number => states.findIndex((module) => module.attribute === attribute);
  const writer = new ForwardWriter(
    (attribute) => `hidden[${index(attribute)}]`,
    (module) => variableName(module.name),
  );
  const batch = `${inputName(plan)}.size(0)`;
  if (states.length > 0) {
    writer.lines.push('hidden = [', ...states.map((module) => `    ${zeros(batch, module)},  # ${module.attribute}`), ']');
  }
  const list: StateList = { list: 'hidden', plain: false, attributes: states.map(({ attribute }) => attribute) };
  const level = new LevelWriter(new BlockPlan(plan), '', list, writer, namesIn(plan), new Set());
  const ids = new Set(modules.map(({ id }) => id));
  level.write(stepsOf(plan).filter((step) => modulesIn(step).some((id) => ids.has(id))));
  const given = wires.flatMap((wire) => {
    const lengths = writer.lengths(wire.module, wire.port);
    return [writer.value(wire.module, wire.port), ...(lengths === null ? [] : [lengths])];
  });
  return {
    writer,
    children: level.children,
    lines: [...writer.lines, `return (${given.map((expression) => `${expression},`).join(' ')})`],
  };
}

function writeDecode(plan: Plan, modules: readonly PlanModule[], wires: readonly PlanInput[], encoder: ForwardWriter): Methods {
  const names = new Map(plan.modules.map((module) => [module.id, module.name.replaceAll('.', '_')]));
  const states = recurrent(modules);
  const index = (attribute: string): number => states.findIndex((module) => module.attribute === attribute);
  const writer = new ForwardWriter(
    (attribute) => `self.hidden[${index(attribute)}]`,
    (module) => variableName(module.name),
  );
  const unpacked = wires.flatMap((wire) => {
    const name = `${names.get(wire.module)}_${wire.port}`;
    const lengths = encoder.lengths(wire.module, wire.port) === null ? null : `${name}_lengths`;
    writer.given(wire.module, wire.port, name, lengths);
    return [name, ...(lengths === null ? [] : [lengths])];
  });
  if (unpacked.length > 0) writer.lines.push(`${unpacked.map((name) => `${name},`).join(' ')} = encoded`);
  if (states.length > 0) {
    writer.lines.push(
      'if hidden is None:',
      '    hidden = [',
      ...modules.flatMap((module) => starts(module, writer)).map((line) => `        ${line}`),
      '    ]',
      'self.hidden = list(hidden)',
    );
  }
  const list: StateList = { list: 'self.hidden', plain: false, attributes: states.map(({ attribute }) => attribute) };
  const ids = new Set(modules.map(({ id }) => id));
  const level = new LevelWriter(new BlockPlan(plan), '', list, writer, namesIn(plan), ids);
  level.write(stepsOf(plan).filter((step) => modulesIn(step).some((id) => ids.has(id))));
  writer.lines.push(`return ${writer.value(plan.head, 'result')}`);
  return { children: level.children, lines: writer.lines, functions: writer.functions };
}

/** Where each state of a module starts: at what is wired into it, or at zeros. */
function starts(module: PlanModule, writer: ForwardWriter): readonly string[] {
  const attributes = modulesOf(module).filter(({ state }) => state !== undefined);
  const initial = module.inputs['initial']?.[0];
  if (initial === undefined) {
    return attributes.map((each) => `${zeros('targets.size(0)', each)},  # ${each.attribute}`);
  }
  const settings = decoderStack({
    attention: 'none',
    attentionWidth: 1,
    layers: 1,
    dropout: 0,
    residual: false,
    ...module.config,
  });
  const given = stackStarts(torchNode(module), settings, writer.value(initial.module, initial.port));
  return attributes.map((each, i) => `${given[i]},  # ${each.attribute}`);
}
