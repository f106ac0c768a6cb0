import { portKey } from '../../graph/infer-shapes.ts';
import type { PlanModule } from '../../layers/plan-module.ts';
import type { TorchFunction, TorchScope } from '../../layers/torch.ts';
import { torchLayer } from '../../layers/torch-modules.ts';
import type { ValueType } from '../../shapes/value-type.ts';
import { torchNode } from './torch-plan.ts';

/** Writes the lines of a method, layer by layer, and remembers the expression of every value. */
export class ForwardWriter {
  readonly lines: string[] = [];
  readonly functions = new Set<TorchFunction>();
  readonly #values = new Map<string, string>();
  readonly #lengths = new Map<string, string>();
  readonly #state: TorchScope['state'];
  readonly #output: (module: PlanModule) => string;

  /**
   * @param state where an attribute's state is kept
   * @param output the variable that takes a module's output
   */
  constructor(state: TorchScope['state'], output: (module: PlanModule) => string) {
    this.#state = state;
    this.#output = output;
  }

  /** A value that is there already, with the lengths of its time axis if it has one. */
  given(module: string, port: string, expression: string, lengths: string | null): void {
    this.#values.set(portKey(module, port), expression);
    if (lengths !== null) this.#lengths.set(portKey(module, port), lengths);
  }

  /** The expression of a value; `null` where there is none here, as of a cell. */
  known(module: string, port: string): string | null {
    return this.#values.get(portKey(module, port)) ?? null;
  }

  value(module: string, port: string): string {
    const expression = this.known(module, port);
    if (expression === null) throw new Error(`${module}: nothing is written for ${port}`);
    return expression;
  }

  /** Lengths of a value's time axis; `null` for a value without one. */
  lengths(module: string, port: string): string | null {
    return this.#lengths.get(portKey(module, port)) ?? null;
  }

  /** @param without input ports that are left out of what the layer sees */
  write(module: PlanModule, without: readonly string[] = []): void {
    const wired = Object.entries(module.inputs).filter(([port, wires]) => wires.length > 0 && !without.includes(port));
    const inputs = Object.fromEntries(
      wired.map(([port, wires]) => [port, wires.map((wire) => this.value(wire.module, wire.port))]),
    );
    const lengths = (port: string): string => {
      const wire = module.inputs[port]?.[0];
      return (wire && this.lengths(wire.module, wire.port)) ?? 'lengths';
    };
    const scope = { inputs, lengths, output: this.#output(module), state: this.#state };
    const written = torchLayer(module.kind).forward(torchNode(module), scope);
    for (const name of written.functions) this.functions.add(name);
    for (const [port, expression] of Object.entries(written.outputs)) {
      this.given(module.id, port, expression, null);
      const type = module.outputTypes[port];
      const time = written.lengths?.[port] ?? (type && timeOf(type, wired[0] && lengths(wired[0][0])));
      if (time) this.#lengths.set(portKey(module.id, port), time);
    }
    this.lines.push(...commented(written.lines, module));
  }
}

/** Lengths of an output whose layer does not change them: those of its input, or of the data. */
function timeOf(type: ValueType, input: string | undefined): string | null {
  if (!('time' in type) || type.time === null) return null;
  return input ?? (type.time === 'U' ? 'target_lengths' : 'lengths');
}

/** The output's shape behind a layer's last line. */
function commented(lines: readonly string[], module: PlanModule): readonly string[] {
  const type = Object.values(module.outputTypes).find((value) => value.type === 'sequence' || value.type === 'vector');
  if (type === undefined || lines.length === 0) return lines;
  const shape = type.type === 'sequence' ? `[B, ${type.time}, ${type.features}]` : `[B, ${type.features}]`;
  return lines.map((line, index) => (index === lines.length - 1 && !line.includes('  #') ? `${line}  # ${shape}` : line));
}
