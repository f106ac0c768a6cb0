import type { Plan, PlanModule } from '../../compile/plan.ts';
import { parameterName } from '../../compile/plan.ts';
import type { OnnxNode, OnnxValue } from '../../layers/onnx.ts';
import { onnxLayer } from '../../layers/onnx-modules.ts';
import { findLayer } from '../../layers/registry.ts';
import { UserError } from '../../protocol/envelope.ts';
import type { NamedTensor } from '../../runs/safetensors.ts';
import { portKey } from '../../shapes/infer-shapes.ts';
import type { TimeSymbol, ValueType } from '../../shapes/value-type.ts';
import { cellOf, className, headOf, headWidth, inputName } from '../pytorch/torch-plan.ts';
import { GraphWriter, type OnnxDimension, type OnnxGraphData, type OnnxValueInfo } from './graph.ts';

/**
 * The plan as an ONNX graph: inputs `tokens [batch, time]` or `series [batch, time, F]` and `lengths [batch]`, one output named for what it
 * is. Batch first outside, time first inside, as recurrent operators want it.
 *
 * @param parameters by the app's names `module.param`
 * @throws UserError `not-in-onnx` for a layer that ONNX cannot express
 */
export function writeGraph(plan: Plan, parameters: ReadonlyMap<string, NamedTensor>): OnnxGraphData {
  const inputs = graphInputs(plan);
  const graph = new GraphWriter(inputs.map(({ name }) => name));
  const values = new Map<string, OnnxValue>();
  const wires: OnnxValueInfo[] = [];
  const read = new Set(
    plan.modules.flatMap((module) =>
      Object.values(module.inputs)
        .flat()
        .map((wire) => portKey(wire.module, wire.port)),
    ),
  );
  let result: OnnxValue | undefined;
  for (const module of plan.modules) {
    const layer = onnxLayer(module.kind);
    if ('refused' in layer) throw refusal(module, layer.refused);
    const outputs = layer.write(onnxNode(module, values, read, parameters), graph);
    for (const [port, value] of Object.entries(outputs)) {
      values.set(portKey(module.id, port), value);
      const type = module.outputTypes[port];
      if (type !== undefined && value.type !== 'state' && !wires.some(({ name }) => name === value.name)) {
        const info = wireInfo(value.name, type);
        if (info !== null) wires.push(info);
      }
    }
    if (module.id === plan.head) result = outputs['result'];
  }
  if (result === undefined || (result.type !== 'sequence' && result.type !== 'vector')) throw new Error('the plan has no head');
  const output = writeOutput(plan, graph, result);
  return {
    name: className(plan),
    description: describe(plan),
    operators: graph.operators,
    constants: graph.constants,
    inputs,
    outputs: [output],
    values: wires.filter(({ name }) => name !== output.name),
  };
}

const dimensionOf = (time: TimeSymbol): string => time.replace(/^T/, 'time');

function graphInputs(plan: Plan): OnnxValueInfo[] {
  const input: OnnxValueInfo =
    inputName(plan) === 'tokens'
      ? { name: 'tokens', type: 'int64', shape: ['batch', 'time'], description: 'Token ids, padded with 0 to the longest row.' }
      : {
          name: 'series',
          type: 'float',
          shape: ['batch', 'time', plan.facts.features ?? 0],
          description: 'Normalized measurements, padded to the longest row.',
        };
  const lengths: OnnxValueInfo = {
    name: 'lengths',
    type: 'int64',
    shape: ['batch'],
    description: 'How many steps of each row are real, at least 1; padding changes nothing.',
  };
  return [input, lengths];
}

function onnxNode(
  module: PlanModule,
  values: ReadonlyMap<string, OnnxValue>,
  read: ReadonlySet<string>,
  parameters: ReadonlyMap<string, NamedTensor>,
): OnnxNode<unknown> {
  const inputs = Object.entries(module.inputs).map(([port, wires]): [string, OnnxValue[]] => [
    port,
    wires.map((wire) => {
      const value = values.get(portKey(wire.module, wire.port));
      if (value === undefined) throw new Error(`${module.name}: nothing arrives at ${port}`);
      return value;
    }),
  ]);
  const ports = findLayer(module.kind)?.outputs ?? [];
  return {
    ...module,
    inputs: Object.fromEntries(inputs),
    wanted: new Set(ports.map((port) => port.name).filter((port) => read.has(portKey(module.id, port)))),
    cell: cellOf(module),
    tensor(parameter) {
      const spec = module.parameters.find(({ name }) => name === parameter);
      const tensor = spec && parameters.get(parameterName(module, spec));
      if (tensor === undefined) throw new Error(`parameter ${module.name}.${parameter}: missing`);
      return tensor;
    },
  };
}

/** The shape on a wire, for viewers that do not infer shapes. */
function wireInfo(name: string, type: ValueType): OnnxValueInfo | null {
  switch (type.type) {
    case 'tokens':
      return { name, type: 'int64', shape: [dimensionOf(type.time), 'batch'] };
    case 'sequence':
      return type.features === null ? null : { name, type: 'float', shape: [dimensionOf(type.time), 'batch', type.features] };
    case 'vector':
      return type.features === null ? null : { name, type: 'float', shape: ['batch', type.features] };
    default:
      return null;
  }
}

/** Batch first again, under a name that says what it is. */
function writeOutput(plan: Plan, graph: GraphWriter, result: Extract<OnnxValue, { type: 'sequence' | 'vector' }>): OnnxValueInfo {
  const head = headOf(plan);
  const steps: OnnxDimension[] = result.type === 'sequence' ? [dimensionOf(result.time.symbol)] : [];
  const { name, description, width } = outputOf(plan);
  const batchFirst = (from: string, to: string, axes: readonly number[]): string =>
    graph.node('Transpose', to, [from], { perm: { ints: axes } });
  if (head.kind === 'dense-sigmoid') {
    const axis = graph.integers(`${head.name}/last_axis`, [-1]);
    if (result.type === 'vector') graph.node('Squeeze', name, [result.name, axis]);
    else batchFirst(graph.node('Squeeze', `${head.name}/each_step`, [result.name, axis]), name, [1, 0]);
  } else if (result.type === 'sequence') batchFirst(result.name, name, [1, 0, 2]);
  else graph.node('Identity', name, [result.name]);
  return { name, type: 'float', shape: ['batch', ...steps, ...(width === null ? [] : [width])], description };
}

/** Name, meaning and last dimension of the model's output. */
export function outputOf(plan: Plan): { readonly name: string; readonly description: string; readonly width: number | null } {
  switch (headOf(plan).kind) {
    case 'dense-sigmoid':
      return { name: 'probability', description: 'Probability of the second class.', width: null };
    case 'linear-regression':
      return { name: 'values', description: 'Numbers, normalized as the metadata says.', width: headWidth(plan) };
    default:
      return {
        name: 'log_probabilities',
        description: 'Natural logarithm of the probability of each class.',
        width: headWidth(plan),
      };
  }
}

function describe(plan: Plan): string {
  const kinds = plan.modules.map((module) => findLayer(module.kind)?.title ?? module.kind);
  return `${kinds.join(', ')}. Batch first; lengths says how many steps of each row are real.`;
}

function refusal(module: PlanModule, reason: string): UserError {
  return new UserError({
    code: 'not-in-onnx',
    message: `${findLayer(module.kind)?.title ?? module.kind} cannot be written as ONNX: ${reason}.`,
    hint: 'The PyTorch export has every layer.',
    node: module.id,
  });
}
