import type { UnrollDocument } from '../../engine/document/schema.ts';
import { portsAt } from '../../engine/graph/blocks/ports.ts';
import type { PortRef } from '../../engine/graph/edit.ts';
import { type InferredShapes, portKey } from '../../engine/graph/infer-shapes.ts';
import { formatShape, type ValueType } from '../../engine/shapes/value-type.ts';
import { titleOf } from '../store/node-cards.ts';
import type { Direction } from './port-choices.ts';
import { typesOf } from './port-places.ts';

/** What is told of a port. */
export interface PortWords {
  readonly name: string;
  /** What flows there now, each with its shape. */
  readonly values: readonly string[];
  /** What it takes, or may give. */
  readonly takes: string;
  /** The other ends of its wires. */
  readonly wires: string;
}

const valueWords = (value: ValueType): string => (value.type === 'cell' ? 'cell' : `${value.type} ${formatShape(value)}`);

export function portWords(
  document: UnrollDocument,
  inferred: InferredShapes,
  { node: id, port: name }: PortRef,
  direction: Direction,
): PortWords | null {
  const titles = new Map(document.nodes.map((node) => [node.id, titleOf(document, node)]));
  const layer = portsAt(document, id);
  const [own, other] = direction === 'input' ? (['to', 'from'] as const) : (['from', 'to'] as const);
  const ends = document.edges
    .filter((edge) => edge[own].node === id && edge[own].port === name)
    .map((edge) => titles.get(edge[other].node) ?? edge[other].node);
  if (direction === 'output') {
    const port = layer?.outputs.find((p) => p.name === name);
    if (!port) return null;
    const value = inferred.outputs.get(portKey(id, name));
    return {
      name: port.label,
      values: value ? [valueWords(value)] : [],
      takes: `Gives ${typesOf(port).join(' or ')}`,
      wires: ends.length > 0 ? `To ${ends.join(', ')}` : 'Not wired',
    };
  }
  const port = layer?.inputs.find((p) => p.name === name);
  if (!port) return null;
  const unwired = port.optional ? 'Not wired, and need not be' : 'Not wired yet';
  return {
    name: port.label,
    values: (inferred.inputs.get(id)?.[name] ?? []).map(valueWords),
    takes: `Takes ${typesOf(port).join(' or ')}${port.many ? ', any number of wires' : ''}`,
    wires: ends.length > 0 ? `From ${ends.join(', ')}` : unwired,
  };
}
