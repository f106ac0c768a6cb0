import type { OnnxGraph, OnnxTime } from '../../layers/onnx.ts';
import type { OnnxAttribute, OnnxConstant, OnnxOperator, OnnxValueInfo } from '../../layers/onnx-data.ts';

/** Collects operators and constants; every name is used once, in bodies too, whose constants lie in the graph around them. */
export class GraphWriter implements OnnxGraph {
  readonly operators: OnnxOperator[] = [];
  readonly #constants = new Map<string, OnnxConstant>();
  /** Values that a node can read here. */
  readonly #seen: Set<string>;
  /** Every name of the whole graph. */
  readonly #names: Set<string>;
  readonly #around: GraphWriter | null;
  readonly #lengths32 = new Map<string, string>();
  readonly #real = new Map<string, string>();

  /**
   * @param given names of the graph's inputs
   * @param around the graph in which this one is a body
   */
  constructor(given: readonly string[], around: GraphWriter | null = null) {
    this.#seen = new Set();
    this.#names = around === null ? new Set() : around.#names;
    this.#around = around;
    for (const name of given) this.#claim(name);
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
    for (const input of inputs) if (input !== '' && !this.#sees(input)) throw new Error(`${name}: there is no value ${input}`);
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

  body(name: string, inputs: readonly OnnxValueInfo[], write: (body: OnnxGraph) => readonly OnnxValueInfo[]): OnnxAttribute {
    const body = new GraphWriter(
      inputs.map((input) => input.name),
      this,
    );
    const outputs = write(body);
    for (const output of outputs) if (!body.#sees(output.name)) throw new Error(`${name}: there is no value ${output.name}`);
    return { graph: { name, description: '', operators: body.operators, constants: [], inputs, outputs, values: [] } };
  }

  lengths32(time: OnnxTime): string {
    if (this.#around !== null) return this.#around.lengths32(time);
    const name = `${time.lengths}/int32`;
    return this.#once(this.#lengths32, time.lengths, () => this.node('Cast', name, [time.lengths], { to: { int: 6 } }));
  }

  realSteps(time: OnnxTime, like: string): string {
    if (this.#around !== null) return this.#around.realSteps(time, like);
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
    if (this.#around !== null) return this.#around.#constant(constant);
    const known = this.#constants.get(constant.name);
    if (known === undefined) {
      this.#claim(constant.name);
      this.#constants.set(constant.name, constant);
    } else if (known.shape.join() !== constant.shape.join() || known.data.some((value, i) => value !== constant.data[i])) {
      throw new Error(`${constant.name}: two constants by that name`);
    }
    return constant.name;
  }

  #sees(name: string): boolean {
    for (let graph: GraphWriter | null = this; graph !== null; graph = graph.#around) if (graph.#seen.has(name)) return true;
    return false;
  }

  #claim(name: string): void {
    if (this.#names.has(name)) throw new Error(`two values are named ${name}`);
    this.#names.add(name);
    this.#seen.add(name);
  }
}
