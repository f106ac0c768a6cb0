import type { GraphEdge, UnrollDocument } from '../document/schema.ts';
import { expandBlocks } from '../graph/blocks/expand.ts';
import { causalityProblems } from '../graph/causality-problems.ts';
import { type InferredShapes, inferShapes, portKey } from '../graph/infer-shapes.ts';
import { onDocument } from '../graph/inside-problems.ts';
import { partProblems } from '../graph/part-problems.ts';
import type { PlanInput, PlanModule } from '../layers/plan-module.ts';
import { findLayer } from '../layers/registry.ts';
import type { DataFacts } from '../shapes/data-facts.ts';
import type { Problem } from '../shapes/problem.ts';
import type { ValueType } from '../shapes/value-type.ts';
import { gradientFreeProblems } from './gradient-free-problems.ts';
import { headProblems } from './head-problems.ts';
import { nameModules } from './module-names.ts';
import type { Plan } from './plan.ts';
import { planLevels } from './plan-levels.ts';

export type CompileResult =
  | { readonly ok: true; readonly plan: Plan }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Document and data facts → plan. Only what the head depends on becomes part of the plan. Never throws for a user's mistake:
 * every problem is returned with the node it belongs to.
 */
export function compilePlan(placed: UnrollDocument, facts: DataFacts): CompileResult {
  const inferred = inferShapes(placed, facts);
  const document = { ...placed, ...expandBlocks(placed).graph };
  const beyond = [...headProblems(document, inferred.inputs), ...causalityProblems(document, inferred), ...partProblems(placed)];
  const problems = [...inferred.problems, ...onDocument(beyond)];
  const head = document.nodes.find((node) => findLayer(node.kind)?.family === 'head');
  if (problems.some((p) => p.severity === 'error') || head === undefined || document.data === null) {
    return { ok: false, problems: document.data === null ? [...problems, noData] : problems };
  }
  const nodes = new Map(document.nodes.map((node) => [node.id, node]));
  const incoming = wiresInto(document.edges);
  const needed = ancestors(head.id, incoming);
  const read = Object.values(facts).some((fact) => fact !== null);
  const inputs = read ? inferred.order.filter((id) => needed.has(id)) : [];
  const missing = inputs.flatMap((id) => missingInput(id, nodes.get(id)?.kind, inferred));
  if (missing.length > 0) return { ok: false, problems: [...problems, ...onDocument(missing)] };
  const { order, names } = nameModules(placed, needed);
  const modules: PlanModule[] = [];
  for (const id of order) {
    const node = nodes.get(id);
    const layer = node && findLayer(node.kind);
    const config = inferred.configs.get(id);
    const inputTypes = inferred.inputs.get(id);
    if (!node || !layer || !config || !inputTypes || !needed.has(id) || layer.family === 'cell') continue;
    const inputs: Record<string, PlanInput[]> = {};
    for (const port of layer.inputs) {
      if (port.accepts.includes('cell')) continue;
      inputs[port.name] = (incoming.get(id) ?? [])
        .filter((edge) => edge.to.port === port.name)
        .map((edge) => ({ module: edge.from.node, port: edge.from.port }));
    }
    const outputTypes: Record<string, ValueType> = {};
    for (const port of layer.outputs) {
      const type = inferred.outputs.get(portKey(id, port.name));
      if (type) outputTypes[port.name] = type;
    }
    modules.push({
      id,
      name: names.get(id) ?? id,
      kind: node.kind,
      config,
      inputs,
      inputTypes,
      outputTypes,
      parameters: layer.parameters(config, inputTypes, facts),
    });
  }
  const tooLarge = gradientFreeProblems(modules, document.training.optimizer);
  if (tooLarge.length > 0) return { ok: false, problems: [...problems, ...tooLarge] };
  const levels = planLevels(placed, modules, names);
  return { ok: true, plan: { task: document.data.task, facts, modules, head: head.id, ...(levels && { levels }) } };
}

/** An input of the graph for which the attached data has nothing: its width stays unknown. */
function missingInput(id: string, kind: string | undefined, { outputs }: InferredShapes): Problem[] {
  const layer = kind === undefined ? undefined : findLayer(kind);
  if (layer?.family !== 'input') return [];
  return layer.outputs.flatMap(({ name }): Problem[] => {
    const type = outputs.get(portKey(id, name));
    const asked = type === undefined ? null : unknownYet(type);
    if (asked === null) return [];
    return [
      {
        severity: 'error',
        node: id,
        edge: null,
        message: `${layer.title} asks for ${asked.what}, and the attached data has none of them for it`,
        fix: `Choose ${asked.columns} in the Data panel, or put another input in place of this one.`,
      },
    ];
  });
}

/** What an input gives whose width the attached data leaves open, and the columns that would bring it. `null`: its width is known. */
function unknownYet(type: ValueType): { readonly what: string; readonly columns: string } | null {
  if (type.type === 'tokens') return type.vocabulary === null ? { what: 'tokens', columns: 'columns of text' } : null;
  if (type.type === 'pictures') return type.size === null ? { what: 'pictures', columns: 'a column of paths of pictures' } : null;
  const numbers = type.type === 'sequence' || type.type === 'vector';
  return numbers && type.features === null ? { what: 'numbers', columns: 'columns of numbers' } : null;
}

const noData: Problem = {
  severity: 'error',
  node: null,
  edge: null,
  message: 'no data is attached',
  fix: 'Open the Data panel and choose a file, or start from a template.',
};

/** Wires by the node they end at, in wire order. */
function wiresInto(edges: readonly GraphEdge[]): ReadonlyMap<string, readonly GraphEdge[]> {
  const incoming = new Map<string, GraphEdge[]>();
  for (const edge of edges) {
    const wires = incoming.get(edge.to.node);
    if (wires === undefined) incoming.set(edge.to.node, [edge]);
    else wires.push(edge);
  }
  return incoming;
}

/** Nodes that the head depends on, itself included. */
function ancestors(head: string, incoming: ReadonlyMap<string, readonly GraphEdge[]>): ReadonlySet<string> {
  const found = new Set([head]);
  const open = [head];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const { from } of incoming.get(id) ?? []) {
      if (found.has(from.node)) continue;
      found.add(from.node);
      open.push(from.node);
    }
  }
  return found;
}
