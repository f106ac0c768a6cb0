import type { z } from 'zod';
import type { CellDescription, CellKernel } from '../shapes/value-type.ts';
import { cellProgram } from './cell-program.ts';
import type { OnnxCell } from './export/onnx-cell.ts';
import type { TorchForm } from './export/torch-cell.ts';

/** Settings that every cell has. */
export interface CellSettings {
  /** H */
  readonly hidden: number;
  /** How matrices that multiply the state start. */
  readonly recurrentInitializer: 'uniform' | 'orthogonal';
}

/**
 * A kind of cell: everything about it but tensors. Its equations are what it is; all that it does not say here is derived from them: names,
 * shapes and starts of its weights, its forward pass and its gradient on every device, its PyTorch class, its ONNX.
 */
export interface CellDefinition<Kind extends string, Config extends z.ZodObject> {
  /** The node kind, `<folder>-cell`. */
  readonly kind: Kind;
  /** Field's standard term, e.g. `LSTM cell`. */
  readonly title: string;
  /** Its name in that of a run and of a class, e.g. `LSTM`. */
  readonly word: string;
  /** Its own name in these settings, in that of a run; `null` where it has none. Absent: `word` always. */
  named?(config: z.output<Config>): string | null;
  /** One sentence for the palette's tooltip and search. */
  readonly summary: string;
  readonly keywords: readonly string[];
  /** The only source of its fields, defaults, limits and help, as of a layer. It has `hidden` and `recurrentInitializer`. */
  readonly config: Config;
  /** What it computes in these settings, in the language of `language/`. */
  equations(config: z.output<Config>): string;
  /** Why settings cannot work together; `null` where they can. Absent: they always can. */
  refuse?(config: z.output<Config>): { readonly message: string; readonly fix: string } | null;
  /** The card's second line. */
  subtitle(config: z.output<Config>): string;
  /** Whether its state can grow without bound: trained at a lower rate. Absent: it cannot. */
  unbounded?(config: z.output<Config>): boolean;
  /** No gate carries its state past a step, so that gradients vanish or explode (row L22). Absent: one does. */
  readonly ungated?: true;
  /** Kernels that compute exactly its equations, faster. Absent: the equations run. */
  kernel?(config: z.output<Config>): CellKernel;
  /** A module that `torch.nn` has, or one of its own that names its weights alike. Absent: a class that reads like the equations. */
  torch?(config: z.output<Config>): TorchForm;
  /** The operator of ONNX that is exactly this cell. Absent: a `Scan` of its equations. */
  onnx?(config: z.output<Config>): OnnxCell;
  /** Settings in which it is tested, and checked on a device, by name; `hidden` is the test's. */
  readonly forms: Readonly<Record<string, Readonly<Partial<z.input<Config>>>>>;
}

/** Identity that infers the kind and config types. */
export function defineCell<const Kind extends string, Config extends z.ZodObject>(
  definition: CellDefinition<Kind, Config>,
): CellDefinition<Kind, Config> {
  return definition;
}

/** A cell in parsed settings that `refuse` has nothing against. */
export function describeCell<Config extends z.ZodObject>(
  definition: CellDefinition<string, Config>,
  config: z.output<Config> & CellSettings,
): CellDescription {
  const { hidden } = config;
  const equations = definition.equations(config);
  const { states } = cellProgram(equations, hidden);
  return { kind: definition.kind, hidden, equations, states, settings: config, kernel: definition.kernel?.(config) ?? null };
}
