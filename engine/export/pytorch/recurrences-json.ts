import { cellProgram } from '../../cells/cell-program.ts';
import { storedWeights } from '../../cells/parameters.ts';
import { orthogonalMatrices } from '../../cells/recurrent-initializer.ts';
import { recurrentMatrices } from '../../cells/recurrent-matrices.ts';
import type { Plan } from '../../compile/plan.ts';
import { tracedLines } from '../../inspect/traced-run.ts';
import type { PlanModule } from '../../layers/plan-module.ts';
import { layerSuffix } from '../../layers/stack.ts';
import { torchLayer } from '../../layers/torch-modules.ts';
import type { CellDescription } from '../../shapes/value-type.ts';
import { cellOf, torchNode } from './torch-plan.ts';

/** Where a recurrence runs in the exported network. */
interface Place {
  readonly layer: number;
  /** The second of both directions. */
  readonly second: boolean;
  /** Attribute of the module. Of those that several share, the order is that of the first axis of its state. */
  readonly module: string;
}

/**
 * `recurrences.json`: every cell as it runs in the network, for `look_inside.py` and a fresh start: its equations, the module that computes
 * them, and where in the module's weights each of their parameters lies.
 */
export function recurrencesJson(plan: Plan): string {
  const all = plan.modules.flatMap((module) => {
    const cell = cellOf(module);
    return cell === null ? [] : placesOf(module).map((place) => recurrence(module, cell, place));
  });
  return `${JSON.stringify(all, null, 1)}\n`;
}

function placesOf(module: PlanModule): readonly Place[] {
  const modules = torchLayer(module.kind)
    .modules(torchNode(module))
    .flatMap(({ attribute, state }) => (state === undefined ? [] : [{ attribute, count: state.layers }]));
  const directions = isBothWays(module) ? 2 : 1;
  return modules
    .flatMap(({ attribute, count }) => Array.from({ length: count }, () => attribute))
    .map((attribute, index) => ({ layer: Math.floor(index / directions), second: index % directions === 1, module: attribute }));
}

const isBothWays = ({ kind, config }: PlanModule): boolean =>
  kind === 'bidirectional' || settingOf(config, 'directions') === 'both';

const settingOf = (config: unknown, name: string): unknown => (config as Readonly<Record<string, unknown>>)[name];

function recurrence(module: PlanModule, cell: CellDescription, { layer, second, module: attribute }: Place) {
  const program = cellProgram(cell.equations, cell.hidden);
  const backward = second || settingOf(module.config, 'direction') === 'backward';
  return {
    node: module.id,
    layer,
    direction: backward ? 'backward' : 'forward',
    module: attribute,
    equations: cell.equations,
    lines: tracedLines(program, 1).map(({ name }) => name),
    states: program.states.map(({ name, width }) => ({ name, units: width })),
    recurrent: recurrentMatrices(program),
    parameters: parametersOf(module, cell, attribute, layerSuffix(layer, second)),
  };
}

/**
 * Rows `from` up to `to` of a weight of the module, times `sign`: the rows of u are PyTorch's z = 1 - u with another sign (row L7); and
 * whether they start orthogonal.
 */
function parametersOf(module: PlanModule, cell: CellDescription, attribute: string, suffix: string) {
  const { weight: placed } = torchLayer(module.kind);
  const orthogonal = orthogonalMatrices(cell);
  return storedWeights(cell).flatMap(({ name, blocks }) => {
    const spec = module.parameters.find((one) => one.name === `${name}${suffix}`);
    if (spec === undefined) throw new Error(`${module.name}: no weight ${name}${suffix}`);
    const stored = placed?.(torchNode(module), spec.name);
    if (!stored?.name.startsWith(`${attribute}.`)) throw new Error(`${module.name}: ${spec.name} is not in ${attribute}`);
    const rows = (spec.shape[0] ?? 1) / blocks.length;
    return blocks.map((block, index) => ({
      name: block,
      weight: stored.name.slice(attribute.length + 1),
      from: index * rows,
      to: (index + 1) * rows,
      sign: stored.signs?.[index] ?? 1,
      orthogonal: orthogonal.has(block),
    }));
  });
}
