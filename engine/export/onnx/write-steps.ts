import { generatingPart } from '../../compile/generating-part.ts';
import type { Plan } from '../../compile/plan.ts';
import type { NamedTensor } from '../../files/safetensors.ts';
import { portKey } from '../../graph/infer-shapes.ts';
import type { OnnxValue } from '../../layers/onnx.ts';
import type { OnnxGraphData, OnnxValueInfo } from '../../layers/onnx-data.ts';
import type { PlanInput, PlanModule } from '../../layers/plan-module.ts';
import { findLayer } from '../../layers/registry.ts';
import type { StateType } from '../../shapes/value-type.ts';
import { dataInputs, lengthsInput, modelInputs, stateValues, wireInfo } from './border.ts';
import { LayerWriter } from './layer-writer.ts';
import { titles } from './write-graph.ts';

type Parameters = ReadonlyMap<string, NamedTensor>;

/** Names of the graphs that say a sequence token by token, beside `model.onnx`. */
export const stepFiles = { encoder: 'encoder.onnx', decoder: 'decoder_step.onnx', language: 'step.onnx' } as const;

/** What a final state is called: what the next step takes, after this. */
export const nextPrefix = 'next_';

/**
 * The graphs that a program runs to generate, by file name: what says the next token with its states in and out, and before it, of an
 * encoder–decoder, what reads the input once. None for other tasks. What the encoder gives is what the step takes, name by name.
 */
export function writeSteps(plan: Plan, parameters: Parameters): ReadonlyMap<string, OnnxGraphData> {
  switch (plan.task) {
    case 'sequence-to-sequence':
      return new Map([
        [stepFiles.encoder, writeEncoder(plan, parameters)],
        [stepFiles.decoder, writeStep(plan, parameters)],
      ]);
    case 'language-model':
      return new Map([[stepFiles.language, writeStep(plan, parameters)]]);
    default:
      return new Map();
  }
}

/** A layer whose state is carried from step to step. */
interface Carrying {
  readonly module: PlanModule;
  readonly type: StateType;
  /** Where it starts; `null` at zeros. */
  readonly initial: PlanInput | null;
}

/** What the generating part reads of the rest, batch first at the border. */
interface HandedOver {
  readonly wire: PlanInput;
  readonly value: OnnxValueInfo;
  /** Name of the lengths of its time axis, with the axis' symbol. */
  readonly time: { readonly symbol: string; readonly lengths: string } | null;
}

const describesState = (module: PlanModule): StateType | null => {
  const type = module.outputTypes['state'];
  const starts = findLayer(module.kind)?.inputs.some(({ name }) => name === 'initial') === true;
  return starts && type?.type === 'state' ? type : null;
};

function generatingModules(plan: Plan): readonly PlanModule[] {
  const generating = generatingPart(plan);
  return plan.modules.filter(({ id }) => generating.has(id));
}

const carryingOf = (modules: readonly PlanModule[]): readonly Carrying[] =>
  modules.flatMap((module) => {
    const type = describesState(module);
    return type === null ? [] : [{ module, type, initial: module.inputs['initial']?.[0] ?? null }];
  });

function handedOver(plan: Plan): readonly HandedOver[] {
  const generating = generatingPart(plan);
  const modules = new Map(plan.modules.map((module) => [module.id, module]));
  const found = new Map<string, HandedOver>();
  for (const reader of generatingModules(plan)) {
    for (const [port, wires] of Object.entries(reader.inputs)) {
      if (port === 'initial') continue;
      for (const wire of wires.filter(({ module }) => !generating.has(module))) {
        const source = modules.get(wire.module);
        const type = source?.outputTypes[wire.port];
        const name = `${source?.name}_${wire.port}`;
        const info = type && wireInfo(name, type);
        if (!info || type.type === 'pictures') throw new Error(`${reader.name}: cannot be given ${type?.type} at ${port}`);
        const time = 'time' in type ? { symbol: type.time, lengths: `${name}_lengths` } : null;
        const value = time === null ? info : { ...info, shape: swapped(info.shape) };
        found.set(portKey(wire.module, wire.port), { wire, value, time });
      }
    }
  }
  return [...found.values()];
}

/** Time first to batch first, and back. */
const swapped = <T>([first, second, ...rest]: readonly T[]): T[] =>
  first === undefined || second === undefined ? [] : [second, first, ...rest];

const swap = (value: OnnxValueInfo): { readonly perm: { readonly ints: readonly number[] } } => ({
  perm: { ints: swapped(value.shape.map((_extent, axis) => axis)) },
});

/** Reads the input; gives where each state starts, and the values that every step reads. */
function writeEncoder(plan: Plan, parameters: Parameters): OnnxGraphData {
  const generating = generatingPart(plan);
  const modules = plan.modules.filter(({ id }) => !generating.has(id));
  const writer = new LayerWriter(plan, parameters, dataInputs(plan));
  const { graph } = writer;
  for (const module of modules) writer.write(module);
  const outputs: OnnxValueInfo[] = [];
  for (const { module, type, initial } of carryingOf(generatingModules(plan))) {
    const values = stateValues(module, type, 'before its first step');
    const given = initial === null ? null : writer.value(initial.module, initial.port);
    values.forEach((value, part) => {
      if (given?.type === 'state') graph.node('Identity', value.name, [given.parts[part] ?? '']);
      else writeZeros(writer, plan, value);
    });
    outputs.push(...values);
  }
  for (const { wire, value, time } of handedOver(plan)) {
    const written = writer.value(wire.module, wire.port);
    if (written.type === 'state' || written.type === 'alignment') throw new Error(`${value.name}: expected a tensor`);
    if (time === null || !('time' in written) || written.time === null) graph.node('Identity', value.name, [written.name]);
    else {
      graph.node('Transpose', value.name, [written.name], swap(value));
      outputs.push(lengthsInput(graph.node('Identity', time.lengths, [written.time.lengths])));
    }
    outputs.push(value);
  }
  const description = `${titles(modules)}: reads the input once. Its outputs are what ${stepFiles.decoder} takes.`;
  return writer.data({ suffix: 'Encoder', description }, outputs);
}

/** Zeros for every row of the batch. */
function writeZeros({ graph }: LayerWriter, plan: Plan, value: OnnxValueInfo): void {
  const [input] = dataInputs(plan);
  const [layers, , width] = value.shape;
  const ends = { start: { int: 0 }, end: { int: 1 } };
  const rows = graph.node('Shape', `${value.name}/rows`, [input?.name ?? ''], ends);
  const sides = [layers, width].map((extent, i) => graph.integers(`${value.name}/${['layers', 'width'][i]}`, [Number(extent)]));
  const shape = graph.node('Concat', `${value.name}/shape`, [sides[0] ?? '', rows, sides[1] ?? ''], { axis: { int: 0 } });
  graph.node('Expand', value.name, [graph.weight(`${value.name}/zero`, [], Float32Array.of(0)), shape]);
}

/** One step or more for every row: the tokens said since the last call, and the states that it left. */
function writeStep(plan: Plan, parameters: Parameters): OnnxGraphData {
  const says = plan.task === 'sequence-to-sequence';
  const modules = generatingModules(plan);
  const carrying = carryingOf(modules);
  const handed = handedOver(plan);
  const [said, lengths] = modelInputs(plan).slice(says ? 2 : 0);
  if (said === undefined || lengths === undefined) throw new Error('the plan says nothing');
  const inputs: OnnxValueInfo[] = [
    { ...said, description: 'Tokens said since the last call, <bos> first of all; as many for every row.' },
    ...carrying.flatMap(({ module, type }) => stateValues(module, type, 'before the first of these steps')),
    ...handed.flatMap(({ value, time }) => (time === null ? [value] : [lengthsInput(time.lengths), value])),
  ];
  const writer = new LayerWriter(plan, parameters, inputs);
  const { graph } = writer;
  const side = (name: string, axis: number): string =>
    graph.node('Shape', `${lengths.name}/${name}`, [said.name], { start: { int: axis }, end: { int: axis + 1 } });
  graph.node('Expand', lengths.name, [side('all_steps', 1), side('rows', 0)]);
  for (const { wire, value, time } of handed) writer.given(wire.module, wire.port, received(writer, value, time));
  for (const module of modules) {
    const type = describesState(module);
    const parts = type && stateValues(module, type, '').map(({ name }) => name);
    writer.write(module, parts && { type: 'state', parts });
  }
  const next = carrying.flatMap(({ module, type }) => {
    const state = writer.value(module.id, 'state');
    const parts: readonly string[] = state.type === 'state' ? state.parts : [];
    return stateValues(module, type, 'after these steps').map((value, part) => {
      const name = graph.node('Identity', `${nextPrefix}${value.name}`, [parts[part] ?? '']);
      return { ...value, name };
    });
  });
  const takes = says ? `what ${stepFiles.encoder} gives` : 'zeros';
  const description = `${titles(modules)}: the next token after those said; states begin as ${takes}, and go on from ${nextPrefix}….`;
  return writer.data({ suffix: says ? 'DecoderStep' : 'Step', description }, [...writer.writeResult(), ...next]);
}

/** A value from the border, time first. */
function received({ graph }: LayerWriter, value: OnnxValueInfo, time: HandedOver['time']): OnnxValue {
  if (time === null) return { type: 'vector', name: value.name };
  const name = graph.node('Transpose', `${value.name}/time_first`, [value.name], swap(value));
  return { type: value.type === 'int64' ? 'tokens' : 'sequence', name, time };
}
