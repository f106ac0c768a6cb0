import type { Plan } from '../../compile/plan.ts';
import type { NamedTensor } from '../../files/safetensors.ts';
import { portKey } from '../../graph/infer-shapes.ts';
import type { OnnxNode, OnnxValue } from '../../layers/onnx.ts';
import type { OnnxDimension, OnnxGraphData, OnnxValueInfo } from '../../layers/onnx-data.ts';
import { onnxLayer } from '../../layers/onnx-modules.ts';
import type { PlanModule } from '../../layers/plan-module.ts';
import { parameterName } from '../../layers/plan-module.ts';
import { findLayer } from '../../layers/registry.ts';
import { UserError } from '../../protocol/envelope.ts';
import { cellOf, className, headOf } from '../pytorch/torch-plan.ts';
import { alignmentOutput, outputOf, timeDimension, wireInfo } from './border.ts';
import { GraphWriter } from './graph.ts';

/** A state that a layer takes from outside the graph, and leaves there. */
export type CarriedState = Extract<OnnxValue, { type: 'state' }>;

/** Writes layers into one graph, and remembers what is on every wire. Batch first outside, time first inside, as recurrent operators want it. */
export class LayerWriter {
  readonly graph: GraphWriter;
  readonly #plan: Plan;
  readonly #parameters: ReadonlyMap<string, NamedTensor>;
  readonly #inputs: readonly OnnxValueInfo[];
  readonly #values = new Map<string, OnnxValue>();
  readonly #wires: OnnxValueInfo[] = [];
  /** Ports that some layer reads. */
  readonly #read: ReadonlySet<string>;
  /** Of the last layer that attends. */
  #alignment: Extract<OnnxValue, { type: 'alignment' }> | null = null;

  /** @param parameters by the app's names `module.param` */
  constructor(plan: Plan, parameters: ReadonlyMap<string, NamedTensor>, inputs: readonly OnnxValueInfo[]) {
    this.#plan = plan;
    this.#parameters = parameters;
    this.#inputs = inputs;
    this.graph = new GraphWriter(inputs.map(({ name }) => name));
    const wires = plan.modules.flatMap((module) => Object.values(module.inputs).flat());
    this.#read = new Set(wires.map((wire) => portKey(wire.module, wire.port)));
  }

  /** A value that comes from outside the graph. */
  given(module: string, port: string, value: OnnxValue): void {
    this.#values.set(portKey(module, port), value);
  }

  value(module: string, port: string): OnnxValue {
    const value = this.#values.get(portKey(module, port));
    if (value === undefined) throw new Error(`${module}: nothing is written for ${port}`);
    return value;
  }

  /**
   * @param carried the state that the layer starts from instead of what is wired; its final one is then written, too
   * @throws UserError `not-in-onnx` for a layer that ONNX cannot express
   */
  write(module: PlanModule, carried: CarriedState | null = null): void {
    const layer = onnxLayer(module.kind);
    if ('refused' in layer) throw refusal(module, layer.refused);
    const outputs = layer.write(this.#node(module, carried), this.graph);
    for (const [port, value] of Object.entries(outputs)) {
      if (value.type === 'alignment') {
        this.#alignment = value;
        continue;
      }
      this.given(module.id, port, value);
      const type = module.outputTypes[port];
      if (type === undefined || value.type === 'state' || this.#wires.some(({ name }) => name === value.name)) continue;
      const info = wireInfo(value.name, type);
      if (info !== null) this.#wires.push(info);
    }
  }

  /** The head's result, batch first again and under a name that says what it is; and the alignment of what attends. */
  writeResult(): OnnxValueInfo[] {
    const head = headOf(this.#plan);
    const result = this.value(head.id, 'result');
    if (result.type !== 'sequence' && result.type !== 'vector') throw new Error('the head gives no result');
    const steps: OnnxDimension[] = result.type === 'sequence' ? [timeDimension(result.time.symbol)] : [];
    const { name, description, width } = outputOf(this.#plan);
    const batchFirst = (from: string, axes: readonly number[]): string =>
      this.graph.node('Transpose', name, [from], { perm: { ints: axes } });
    if (head.kind === 'dense-sigmoid') {
      const axis = this.graph.integers(`${head.name}/last_axis`, [-1]);
      if (result.type === 'vector') this.graph.node('Squeeze', name, [result.name, axis]);
      else batchFirst(this.graph.node('Squeeze', `${head.name}/each_step`, [result.name, axis]), [1, 0]);
    } else if (result.type === 'sequence') batchFirst(result.name, [1, 0, 2]);
    else this.graph.node('Identity', name, [result.name]);
    const output: OnnxValueInfo = {
      name,
      type: 'float',
      shape: ['batch', ...steps, ...(width === null ? [] : [width])],
      description,
    };
    if (this.#alignment === null) return [output];
    const alignment = alignmentOutput(this.#alignment.steps, this.#alignment.memory);
    this.graph.node('Identity', alignment.name, [this.#alignment.name]);
    return [output, alignment];
  }

  /** @param part what of the model this is, in its name and in words */
  data(part: { readonly suffix: string; readonly description: string }, outputs: readonly OnnxValueInfo[]): OnnxGraphData {
    return {
      name: `${className(this.#plan)}${part.suffix}`,
      description: part.description,
      operators: this.graph.operators,
      constants: this.graph.constants,
      inputs: this.#inputs,
      outputs,
      values: this.#wires.filter(({ name }) => !outputs.some((output) => output.name === name)),
    };
  }

  #node(module: PlanModule, carried: CarriedState | null): OnnxNode<unknown> {
    const inputs = Object.entries(module.inputs).map(([port, wires]): [string, readonly OnnxValue[]] => {
      if (port === 'initial' && carried !== null) return [port, [carried]];
      return [port, wires.map((wire) => this.value(wire.module, wire.port))];
    });
    const ports = (findLayer(module.kind)?.outputs ?? []).map(({ name }) => name);
    const wanted = ports.filter((port) => this.#read.has(portKey(module.id, port)));
    return {
      ...module,
      inputs: Object.fromEntries(inputs),
      wanted: new Set(carried === null ? wanted : [...wanted, 'state']),
      cell: cellOf(module),
      tensor: (parameter) => {
        const spec = module.parameters.find(({ name }) => name === parameter);
        const tensor = spec && this.#parameters.get(parameterName(module, spec));
        if (tensor === undefined) throw new Error(`parameter ${module.name}.${parameter}: missing`);
        return tensor;
      },
    };
  }
}

function refusal(module: PlanModule, reason: string): UserError {
  return new UserError({
    code: 'not-in-onnx',
    message: `${findLayer(module.kind)?.title ?? module.kind} cannot be written as ONNX: ${reason}.`,
    hint: 'The PyTorch export has every layer.',
    node: module.id,
  });
}
