import { type PlanModule, parameterName } from '../layers/plan-module.ts';
import type { Plan } from './plan.ts';

/**
 * How the weights of a model are called in a plan of the same graph, whose modules may have other names: a part of it was collapsed into a
 * block since, or a block was expanded. From the head backwards, every wire tells which module of the one is which of the other: a port,
 * and a place among its wires, has one source.
 *
 * @returns by the full name in the plan the full name in the model; `null` where kinds, shapes of weights or wires differ
 */
export function matchWeights(plan: Plan, model: Plan): ReadonlyMap<string, string> | null {
  const match = matchModules(plan, model);
  if (match === null) return null;
  return new Map(
    plan.modules.flatMap((module) => {
      const own = match.get(module);
      return own
        ? module.parameters.map((spec): [string, string] => [parameterName(module, spec), parameterName(own, spec)])
        : [];
    }),
  );
}

function matchModules(plan: Plan, model: Plan): ReadonlyMap<PlanModule, PlanModule> | null {
  const [mine, theirs] = [plan, model].map(({ modules }) => new Map(modules.map((module) => [module.id, module])));
  const match = new Map<PlanModule, PlanModule>();
  const open: [string, string][] = [[plan.head, model.head]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [module, own] = [mine?.get(next[0]), theirs?.get(next[1])];
    if (!module || !own) return null;
    if (match.has(module)) {
      if (match.get(module) !== own) return null;
      continue;
    }
    if (looks(module) !== looks(own)) return null;
    match.set(module, own);
    for (const [port, sources] of Object.entries(module.inputs)) {
      open.push(...sources.map(({ module: from }, place): [string, string] => [from, own.inputs[port]?.[place]?.module ?? '']));
    }
  }
  const all = match.size === plan.modules.length && new Set(match.values()).size === model.modules.length;
  return all ? match : null;
}

/** What two modules that are the same have in common, besides where their wires come from. */
const looks = ({ kind, parameters, inputs }: PlanModule): string =>
  JSON.stringify([
    kind,
    parameters.map(({ name, shape }) => [name, shape]),
    Object.entries(inputs)
      .map(([port, sources]) => [port, sources.map((source) => source.port)])
      .sort(),
  ]);
