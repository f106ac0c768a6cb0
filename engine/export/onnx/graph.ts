import type { OnnxAttribute, OnnxGraph, OnnxTime } from '../../layers/onnx.ts';

export interface OnnxOperator {
  readonly op: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

export interface OnnxConstant {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array | BigInt64Array;
}

/** A dimension that is known, or the name of one that is not. */
export type OnnxDimension = number | string;

/** Type of a value at the graph's border, or on a wire between layers. */
export interface OnnxValueInfo {
  readonly name: string;
  readonly type: 'float' | 'int64';
  readonly shape: readonly OnnxDimension[];
  readonly description?: string;
}

/** An ONNX graph as data: what is written into the file, and what is listed for a look. */
export interface OnnxGraphData {
  readonly name: string;
  readonly description: string;
  readonly operators: readonly OnnxOperator[];
  readonly constants: readonly OnnxConstant[];
  readonly inputs: readonly OnnxValueInfo[];
  readonly outputs: readonly OnnxValueInfo[];
  /** Values on the canvas's wires. */
  readonly values: readonly OnnxValueInfo[];
}

/** Collects operators and constants; every name is used once. */
export class GraphWriter implements OnnxGraph {
  readonly operators: OnnxOperator[] = [];
  readonly #constants = new Map<string, OnnxConstant>();
  readonly #names: Set<string>;
  readonly #lengths32 = new Map<string, string>();
  readonly #real = new Map<string, string>();

  /** @param given names of the graph's inputs */
  constructor(given: readonly string[]) {
    this.#names = new Set(given);
  }

  get constants(): readonly OnnxConstant[] {
    return [...this.#constants.values()];
  }

  node(op: string, name: string, inputs: readonly string[], attributes: Readonly<Record<string, OnnxAttribute>> = {}): string {
    this.nodes(op, name, inputs, [name], attributes);
    return name;
  }

  nodes(
    op: string,
    name: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
  ): void {
    for (const input of inputs)
      if (input !== '' && !this.#names.has(input)) throw new Error(`${name}: there is no value ${input}`);
    for (const output of outputs) if (output !== '') this.#claim(output);
    this.operators.push({ op, name, inputs, outputs, attributes });
  }

  weight(name: string, shape: readonly number[], data: Float32Array): string {
    const size = shape.reduce((product, extent) => product * extent, 1);
    if (size !== data.length) throw new Error(`${name}: expected ${size} numbers for [${shape}], got ${data.length}`);
    return this.#constant({ name, shape, data });
  }

  integer(name: string, value: number): string {
    return this.#constant({ name, shape: [], data: BigInt64Array.of(BigInt(value)) });
  }

  integers(name: string, values: readonly number[]): string {
    return this.#constant({ name, shape: [values.length], data: BigInt64Array.from(values, BigInt) });
  }

  lengths32(time: OnnxTime): string {
    const name = `${time.lengths}/int32`;
    return this.#once(this.#lengths32, time.lengths, () => this.node('Cast', name, [time.lengths], { to: { int: 6 } }));
  }

  realSteps(time: OnnxTime, like: string): string {
    return this.#once(this.#real, time.lengths, () => {
      const at = (part: string): string => `${time.lengths}/${part}`;
      const extent = this.node('Shape', at('padded_steps'), [like], { start: { int: 0 }, end: { int: 1 } });
      const scalar = this.node('Squeeze', at('padded_steps_number'), [extent]);
      const bounds = [this.integer(at('first'), 0), scalar, this.integer(at('one'), 1)];
      const column = this.node('Unsqueeze', at('steps_column'), [
        this.node('Range', at('steps'), bounds),
        this.integers(at('second_axis'), [1]),
      ]);
      const real = this.node('Less', at('is_real'), [column, time.lengths]);
      return this.node('Unsqueeze', at('real_steps'), [real, this.integers(at('third_axis'), [2])]);
    });
  }

  #once(made: Map<string, string>, key: string, make: () => string): string {
    const name = made.get(key) ?? make();
    made.set(key, name);
    return name;
  }

  /** The same constant may be asked for again; another one by the same name is a mistake of the writer. */
  #constant(constant: OnnxConstant): string {
    const known = this.#constants.get(constant.name);
    if (known === undefined) {
      this.#claim(constant.name);
      this.#constants.set(constant.name, constant);
    } else if (known.shape.join() !== constant.shape.join() || known.data.some((value, i) => value !== constant.data[i])) {
      throw new Error(`${constant.name}: two constants by that name`);
    }
    return constant.name;
  }

  #claim(name: string): void {
    if (this.#names.has(name)) throw new Error(`two values are named ${name}`);
    this.#names.add(name);
  }
}
