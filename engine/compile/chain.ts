import type { ChainLayer } from '../kernels/native/chain.ts';
import { lower } from '../layers/lowerings.ts';
import { type PlanModule, parameterName } from '../layers/plan-module.ts';
import type { Plan } from './plan.ts';

/**
 * The plan's layers from input to head, where they follow each other in a line and each of them can be lowered; `null` for all other plans.
 *
 * @param parameters full names, in the order of the op's weights
 */
export function lowerPlan(plan: Plan, parameters: readonly string[]): readonly ChainLayer[] | null {
  const line = inLine(plan);
  if (line === null) return null;
  const numbers = new Map(parameters.map((name, number) => [name, number]));
  const chain: ChainLayer[] = [];
  for (const module of line) {
    const lowered = lower(module, (name) => {
      const spec = module.parameters.find((one) => one.name === name);
      const number = spec && numbers.get(parameterName(module, spec));
      if (number === undefined) throw new Error(`${module.name}: no parameter ${name}`);
      return number;
    });
    if (lowered === null) return null;
    chain.push(...lowered);
  }
  return chain;
}

/** All modules of the plan, if each but the first reads the one before it and nothing else. */
function inLine({ modules, head }: Plan): readonly PlanModule[] | null {
  const line = modules.every((module, index) => {
    const wires = Object.values(module.inputs).flat();
    if (index === 0) return wires.length === 0;
    return wires.length === 1 && wires[0]?.module === modules[index - 1]?.id && wires[0]?.port !== 'state';
  });
  return line && modules.at(-1)?.id === head ? modules : null;
}
