import { z } from 'zod';
import type { BlockDefinition, GraphNode, UnrollDocument } from './schema.ts';

/** A placed block: a node that stands for what its definition holds, `repeat` times one after the other. */
export const blockKind = 'block';
/** A port of a block, inside: what arrives from outside leaves it. Its id is the port's name outside, its label the port's label. */
export const blockInputKind = 'block-input';
/** A port of a block, inside: what arrives here leaves the block. */
export const blockOutputKind = 'block-output';
/** The one port of a `block-input` or `block-output` node. */
export const borderPort = 'value';

export const isBorder = ({ kind }: Pick<GraphNode, 'kind'>): boolean => kind === blockInputKind || kind === blockOutputKind;

const placement = z.strictObject({ definition: z.string(), repeat: z.number().int().min(1).max(1_000) });
/** The settings of a placed block. */
export type Placement = z.infer<typeof placement>;

/** The settings of a placed block; `null` for another node, and for settings that are none. */
export function placementOf(node: Pick<GraphNode, 'kind' | 'params'>): Placement | null {
  return node.kind === blockKind ? (placement.safeParse(node.params).data ?? null) : null;
}

type WithBlocks = Pick<UnrollDocument, 'blocks'>;

export const findDefinition = ({ blocks }: WithBlocks, id: string): BlockDefinition | undefined =>
  blocks.find((block) => block.id === id);

/** The definition of a placed block; `undefined` for another node. */
export function definitionOf(document: WithBlocks, node: Pick<GraphNode, 'kind' | 'params'>): BlockDefinition | undefined {
  const placed = placementOf(node);
  return placed === null ? undefined : findDefinition(document, placed.definition);
}

/** The ports of a block, as the nodes that they are inside, in order. */
export const blockInputs = ({ nodes }: Pick<BlockDefinition, 'nodes'>): readonly GraphNode[] =>
  nodes.filter(({ kind }) => kind === blockInputKind);
export const blockOutputs = ({ nodes }: Pick<BlockDefinition, 'nodes'>): readonly GraphNode[] =>
  nodes.filter(({ kind }) => kind === blockOutputKind);

/** Definitions that are placed in these nodes, and in those definitions, and so on. */
export function usedDefinitions(document: WithBlocks, nodes: readonly GraphNode[]): ReadonlySet<string> {
  const used = new Set<string>();
  const look = (within: readonly GraphNode[]): void => {
    for (const node of within) {
      const definition = definitionOf(document, node);
      if (definition === undefined || used.has(definition.id)) continue;
      used.add(definition.id);
      look(definition.nodes);
    }
  };
  look(nodes);
  return used;
}
