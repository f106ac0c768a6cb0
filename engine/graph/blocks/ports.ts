import { nodeOf } from '../../document/node-of.ts';
import {
  blockInputKind,
  blockInputs,
  blockOutputKind,
  blockOutputs,
  borderPort,
  definitionOf,
} from '../../document/placed-blocks.ts';
import type { BlockDefinition, GraphNode, UnrollDocument } from '../../document/schema.ts';
import type { InputPort, OutputPort } from '../../layers/layer.ts';
import { findLayer } from '../../layers/registry.ts';
import type { Family } from '../../shapes/family.ts';
import { type ValueTypeName, valueTypes } from '../../shapes/value-type.ts';

type WithBlocks = Pick<UnrollDocument, 'blocks'>;

/** A node's name and ports: those of its kind, or of its block. */
export interface NodePorts {
  readonly title: string;
  /** Of a layer. */
  readonly family?: Family;
  readonly inputs: readonly InputPort[];
  readonly outputs: readonly OutputPort[];
}

/** @returns `undefined` for a kind that this version does not know, and a block without its definition */
export function portsOf(document: WithBlocks, node: GraphNode): NodePorts | undefined {
  if (node.kind === blockInputKind) {
    return { title: 'Block input', inputs: [], outputs: [{ name: borderPort, label: labelOf(node), types: valueTypes }] };
  }
  if (node.kind === blockOutputKind) {
    return { title: 'Block output', inputs: [{ name: borderPort, label: labelOf(node), accepts: valueTypes }], outputs: [] };
  }
  const definition = definitionOf(document, node);
  return definition === undefined ? findLayer(node.kind) : blockPorts(document, definition);
}

/** Of the node of that id; `undefined` where there is none, too. */
export function portsAt(document: Pick<UnrollDocument, 'nodes' | 'blocks'>, id: string): NodePorts | undefined {
  const node = nodeOf(document, id);
  return node && portsOf(document, node);
}

const labelOf = ({ id, label }: GraphNode): string => label ?? id.replaceAll(/[-_]+/g, ' ');

const known = new WeakMap<BlockDefinition, { readonly blocks: UnrollDocument['blocks']; readonly ports: NodePorts }>();

/** The ports of a block. An input takes what all that it feeds takes; it is optional where all of that is. */
function blockPorts(document: WithBlocks, definition: BlockDefinition): NodePorts {
  const before = known.get(definition);
  if (before?.blocks === document.blocks) return before.ports;
  const ports: NodePorts = {
    title: definition.name,
    inputs: blockInputs(definition).map((node) => inputPort(document, definition, node)),
    outputs: blockOutputs(definition).map((node) => ({
      name: node.id,
      label: labelOf(node),
      types: leaving(document, definition, node),
    })),
  };
  known.set(definition, { blocks: document.blocks, ports });
  return ports;
}

function inputPort(document: WithBlocks, definition: BlockDefinition, node: GraphNode): InputPort {
  const fed = definition.edges
    .filter(({ from }) => from.node === node.id)
    .flatMap(({ to }) => {
      const target = nodeOf(definition, to.node);
      const port = target && portsOf(document, target)?.inputs.find(({ name }) => name === to.port);
      return port === undefined
        ? []
        : [
            {
              ...port,
              alone: definition.edges.every((e) => e.to.node !== to.node || e.to.port !== to.port || e.from.node === node.id),
            },
          ];
    });
  const accepts = valueTypes.filter((type) => fed.every((port) => port.accepts.includes(type)));
  return {
    name: node.id,
    label: labelOf(node),
    accepts,
    ...(fed.every((port) => port.optional || !port.alone) ? { optional: true } : {}),
    ...(fed.some((port) => port.whole) ? { whole: true } : {}),
  };
}

function leaving(document: WithBlocks, definition: BlockDefinition, node: GraphNode): readonly ValueTypeName[] {
  const from = definition.edges.find(({ to }) => to.node === node.id)?.from;
  const source = from && nodeOf(definition, from.node);
  return (source && portsOf(document, source)?.outputs.find(({ name }) => name === from.port)?.types) ?? valueTypes;
}
