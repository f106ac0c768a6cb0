import { blockInputs, blockOutputs, borderPort, definitionOf, placementOf } from '../document/placed-blocks.ts';
import type { GraphNode, PortRef, UnrollDocument } from '../document/schema.ts';
import { insideId, liesIn } from '../graph/blocks/inside-id.ts';
import { sortTopologically } from '../graph/sort-topologically.ts';
import type { PlanInput, PlanModule } from '../layers/plan-module.ts';
import { findLayer } from '../layers/registry.ts';
import type { PlanBlock, PlanLevel, PlanStep } from './plan.ts';

type Graph = Pick<UnrollDocument, 'nodes' | 'edges' | 'blocks'>;
type Canvas = Pick<UnrollDocument, 'nodes' | 'edges'>;

/** The modules of a plan as they lie in blocks; `undefined` where none of them does. Blocks that hold no module (cells alone) are left out. */
export function planLevels(
  document: Graph,
  modules: readonly PlanModule[],
  names: ReadonlyMap<string, string>,
): PlanLevel | undefined {
  if (!modules.some(({ id }) => id.includes('/'))) return undefined;
  return new Levels(document, modules, names).level(document, (id) => id);
}

class Levels {
  readonly #document: Graph;
  readonly #modules: ReadonlyMap<string, PlanModule>;
  readonly #names: ReadonlyMap<string, string>;

  constructor(document: Graph, modules: readonly PlanModule[], names: ReadonlyMap<string, string>) {
    this.#document = document;
    this.#modules = new Map(modules.map((module) => [module.id, module]));
    this.#names = names;
  }

  level(canvas: Canvas, idOf: (id: string) => string): PlanLevel {
    const from = ({ node, port }: PortRef): PlanInput => ({ module: idOf(node), port });
    const steps = sortTopologically(canvas.nodes, canvas.edges).flatMap((node): PlanStep[] => {
      const into = (port: string): PlanInput[] =>
        canvas.edges.filter(({ to }) => to.node === node.id && to.port === port).map((edge) => from(edge.from));
      return this.#module(idOf(node.id), node, into) ?? this.#block(node, idOf, into) ?? [];
    });
    const outputs = blockOutputs(canvas).flatMap((port): [string, PlanInput][] => {
      const wire = canvas.edges.find(({ to }) => to.node === port.id && to.port === borderPort);
      return wire === undefined ? [] : [[port.id, from(wire.from)]];
    });
    return { steps, inputs: blockInputs(canvas).map(({ id }) => idOf(id)), outputs: Object.fromEntries(outputs) };
  }

  #module(id: string, node: GraphNode, into: (port: string) => PlanInput[]): PlanStep[] | null {
    if (!this.#modules.has(id)) return null;
    const ports = (findLayer(node.kind)?.inputs ?? []).filter(({ accepts }) => !accepts.includes('cell'));
    return [{ kind: 'module', id, inputs: Object.fromEntries(ports.map(({ name }) => [name, into(name)])) }];
  }

  #block(node: GraphNode, idOf: (id: string) => string, into: (port: string) => PlanInput[]): PlanBlock[] | null {
    const definition = definitionOf(this.#document, node);
    const id = idOf(node.id);
    if (definition === undefined || ![...this.#modules.keys()].some((one) => liesIn(one, id))) return null;
    const placed: GraphNode = { ...node, id };
    const copies = Array.from({ length: placementOf(node)?.repeat ?? 1 }, (_, copy) =>
      this.level(definition, (inner) => insideId(placed, copy, inner)),
    );
    const inputs = blockInputs(definition).flatMap((port): [string, PlanInput][] => {
      const [wire] = into(port.id);
      return wire === undefined ? [] : [[port.id, wire]];
    });
    const name = this.#names.get(id)?.split('.').at(-1) ?? '';
    const { id: of, name: title } = definition;
    return [{ kind: 'block', id, name, definition: of, title, inputs: Object.fromEntries(inputs), copies }];
  }
}
