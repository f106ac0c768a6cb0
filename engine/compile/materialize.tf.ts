import * as tf from '@tensorflow/tfjs-core';
import type { NamedTensor } from '../files/safetensors.ts';
import { portKey } from '../graph/infer-shapes.ts';
import { mayBeDifferentiated } from '../kernels/sequence-op.tf.ts';
import type { BatchTensors } from '../layers/batch-tensors.tf.ts';
import type { ForwardMode, Value } from '../layers/builder.tf.ts';
import { builderOf } from '../layers/builders.tf.ts';
import { type PlanModule, parameterName } from '../layers/plan-module.ts';
import { Chain } from './chain.tf.ts';
import type { Plan } from './plan.ts';

export { type BatchTensors, toTensors } from '../layers/batch-tensors.tf.ts';
export type { ForwardMode } from '../layers/builder.tf.ts';

/** A plan with its parameters on the current backend. The owner disposes it. */
export class Model {
  readonly plan: Plan;
  /** By full name `module.param`, in plan order; frozen parameters have `trainable` false. */
  readonly variables: ReadonlyMap<string, tf.Variable>;
  /** All of it as one op; `null` where its layers are no line. */
  readonly chain: Chain | null;
  readonly #wanted: ReadonlyMap<string, ReadonlySet<string>>;

  /** @throws Error when a parameter is missing or has another shape than the plan says. */
  constructor(plan: Plan, parameters: ReadonlyMap<string, NamedTensor>) {
    this.plan = plan;
    const variables = new Map<string, tf.Variable>();
    for (const module of plan.modules) {
      for (const spec of module.parameters) {
        const name = parameterName(module, spec);
        const tensor = checkedTensor(name, spec.shape, parameters);
        variables.set(name, tf.variable(tensor, spec.trainable));
        tensor.dispose();
      }
    }
    this.variables = variables;
    this.chain = Chain.of(plan, variables);
    this.#wanted = wantedPorts(plan);
  }

  /**
   * @returns the head's raw outputs, before softmax or the logistic function: `[T, B, C]` per step (arbitrary at padding), `[B, C]` per example
   */
  forward(input: BatchTensors, mode: ForwardMode): tf.Tensor {
    const looked = mode.carried ?? mode.watch ?? mode.alignments;
    if (mode.dropout === null && looked === undefined && !mayBeDifferentiated() && this.chain?.fits(input))
      return this.chain.forward(input);
    return tf.tidy(() => {
      const logits = this.values(input, mode).get(portKey(this.plan.head, 'logits'));
      if (logits?.type !== 'sequence' && logits?.type !== 'vector') throw new Error('the plan has no head');
      return logits.tensor;
    });
  }

  /**
   * What every output port gives for a batch, by `portKey(module id, port)`. The caller disposes it, or runs this inside a tidy scope.
   *
   * @param only modules to run, in any order; those they depend on must be among them or in `given`. Absent: all
   * @param given values that are known already, as an encoder's while a decoder runs token by token
   */
  values(
    input: BatchTensors,
    mode: ForwardMode,
    only?: ReadonlySet<string>,
    given?: ReadonlyMap<string, Value>,
  ): ReadonlyMap<string, Value> {
    const values = new Map<string, Value>(given);
    for (const module of this.plan.modules) {
      if (only?.has(module.id) === false) continue;
      const outputs = builderOf(module.kind)({
        config: module.config,
        module,
        inputs: gather(module, values),
        batch: input,
        mode,
        wanted: this.#wanted.get(module.id) ?? new Set(),
        parameter: (name: string) => this.#parameter(`${module.name}.${name}`),
      });
      for (const [port, value] of Object.entries(outputs))
        values.set(portKey(module.id, port), mode.watch?.value(module.id, port, value) ?? value);
    }
    return values;
  }

  /** Copies the parameters of this moment out of the backend, in plan order. */
  async read(): Promise<Map<string, NamedTensor>> {
    const entries = [...this.variables].map(async ([name, variable]): Promise<[string, NamedTensor]> => {
      // A step that comes meanwhile gives the variable other numbers, and WebGPU reads none that nobody holds any more.
      const held = tf.keep(variable.clone());
      try {
        return [name, { dtype: 'F32', shape: variable.shape, data: Float32Array.from(await held.data()) }];
      } finally {
        held.dispose();
      }
    });
    return new Map(await Promise.all(entries));
  }

  /** @throws Error when a parameter is missing or has another shape. */
  assign(parameters: ReadonlyMap<string, NamedTensor>): void {
    for (const [name, variable] of this.variables) {
      const tensor = checkedTensor(name, variable.shape, parameters);
      variable.assign(tensor);
      tensor.dispose();
    }
  }

  dispose(): void {
    for (const variable of this.variables.values()) variable.dispose();
    this.chain?.dispose();
  }

  #parameter(name: string): tf.Tensor {
    const variable = this.variables.get(name);
    if (variable === undefined) throw new Error(`no parameter ${name}`);
    return variable;
  }
}

function checkedTensor(name: string, shape: readonly number[], parameters: ReadonlyMap<string, NamedTensor>): tf.Tensor {
  const found = parameters.get(name);
  if (found === undefined) throw new Error(`parameter ${name}: missing`);
  if (found.dtype !== 'F32' || found.shape.join() !== shape.join()) {
    throw new Error(`parameter ${name}: expected F32 [${shape}], got ${found.dtype} [${found.shape}]`);
  }
  return tf.tensor(found.data, [...shape], 'float32');
}

function gather(module: PlanModule, values: ReadonlyMap<string, Value>): Record<string, Value[]> {
  const inputs: Record<string, Value[]> = {};
  for (const [port, wires] of Object.entries(module.inputs)) {
    inputs[port] = wires.map((wire) => {
      const value = values.get(portKey(wire.module, wire.port));
      if (value === undefined) throw new Error(`${module.name}: nothing arrived at ${port}`);
      return value;
    });
  }
  return inputs;
}

/** Output ports of each module that another module reads. */
function wantedPorts(plan: Plan): Map<string, Set<string>> {
  const wanted = new Map<string, Set<string>>(plan.modules.map((module) => [module.id, new Set()]));
  for (const module of plan.modules) {
    for (const wire of Object.values(module.inputs).flat()) wanted.get(wire.module)?.add(wire.port);
  }
  return wanted;
}
