import type { UnrollDocument } from '../../engine/document/schema.ts';
import { portsAt, portsOf } from '../../engine/graph/blocks/ports.ts';
import { checkConnection } from '../../engine/graph/check-connection.ts';
import type { PortRef } from '../../engine/graph/edit.ts';
import { inferShapes, portKey } from '../../engine/graph/infer-shapes.ts';
import { reachable } from '../../engine/graph/reachable.ts';
import type { InputPort, OutputPort } from '../../engine/layers/layer.ts';
import type { DataFacts } from '../../engine/shapes/data-facts.ts';
import type { ValueTypeName } from '../../engine/shapes/value-type.ts';
import type { Part } from './parts.ts';
import { typesOf } from './port-places.ts';

/** Which side of a node a port is on. */
export type Direction = 'input' | 'output';
export interface PortEnd {
  readonly port: PortRef;
  readonly direction: Direction;
}

export const portId = (port: PortRef, direction: Direction): string => `${direction}/${port.node}/${port.port}`;

const wired = new WeakMap<UnrollDocument['edges'], ReadonlySet<string>>();

/** The ports that have a wire, by `portId`. */
export function wiredPorts(edges: UnrollDocument['edges']): ReadonlySet<string> {
  const known = wired.get(edges);
  if (known) return known;
  const found = new Set(edges.flatMap(({ from, to }) => [portId(from, 'output'), portId(to, 'input')]));
  wired.set(edges, found);
  return found;
}

const firsts = new WeakMap<UnrollDocument['edges'], ReadonlySet<string>>();

/** The wires that are the first of their output, by id. */
export function firstWires(edges: UnrollDocument['edges']): ReadonlySet<string> {
  const known = firsts.get(edges);
  if (known) return known;
  const byPort = new Map(edges.toReversed().map(({ id, from }) => [portId(from, 'output'), id]));
  const found = new Set(byPort.values());
  firsts.set(edges, found);
  return found;
}

/** Types that a port may carry now: an output whose type is inferred has one. */
function typesAt(document: UnrollDocument, facts: DataFacts, port: PortRef, direction: Direction): readonly ValueTypeName[] {
  const layer = portsAt(document, port.node);
  if (direction === 'input') return layer?.inputs.find((p) => p.name === port.port)?.accepts ?? [];
  const known = inferShapes(document, facts).outputs.get(portKey(port.node, port.port));
  return known ? [known.type] : (layer?.outputs.find((p) => p.name === port.port)?.types ?? []);
}

/** Ports whose types fit and that would close no loop: quick, but widths are not compared. */
export function plausibleEnds(
  document: UnrollDocument,
  facts: DataFacts,
  from: PortRef,
  direction: Direction,
): readonly PortEnd[] {
  const types = typesAt(document, facts, from, direction);
  const behind = reachable(document.edges, from.node, direction === 'output' ? 'backwards' : 'forwards');
  const ends: PortEnd[] = [];
  for (const node of document.nodes) {
    const layer = portsOf(document, node);
    if (!layer || behind.has(node.id)) continue;
    for (const candidate of direction === 'output' ? layer.inputs : layer.outputs) {
      if (!typesOf(candidate).some((type) => types.includes(type))) continue;
      ends.push({ port: { node: node.id, port: candidate.name }, direction: direction === 'output' ? 'input' : 'output' });
    }
  }
  return ends;
}

/** Whether a wire from this port may end there. */
export function isPossible(document: UnrollDocument, facts: DataFacts, from: PortRef, { port, direction }: PortEnd): boolean {
  const [out, into] = direction === 'input' ? [from, port] : [port, from];
  return checkConnection(document, facts, out, into).ok;
}

/** All ports where a wire from this port may end. */
export function possibleEnds(
  document: UnrollDocument,
  facts: DataFacts,
  from: PortRef,
  direction: Direction,
): readonly PortEnd[] {
  return plausibleEnds(document, facts, from, direction).filter((end) => isPossible(document, facts, from, end));
}

/**
 * Where a wire from this port may end at a node: where it is let go of on the node, beside its ports, it goes there if there is only one.
 * An input that has no wire yet goes before those that have.
 */
export function endsAt(
  document: UnrollDocument,
  facts: DataFacts,
  from: PortRef,
  direction: Direction,
  node: string,
): readonly PortRef[] {
  const fitting = plausibleEnds(document, facts, from, direction)
    .filter((end) => end.port.node === node && isPossible(document, facts, from, end))
    .map(({ port }) => port);
  if (direction === 'input') return fitting;
  const wired = wiredPorts(document.edges);
  const free = fitting.filter((port) => !wired.has(portId(port, 'input')));
  return free.length > 0 ? free : fitting;
}

/**
 * A wire dragged from one port onto another of the same side moves the wire that the first port has: the cell's wire goes from
 * GRU to LSTM by dragging one port onto the other. `null` unless there is exactly one such wire.
 */
export function wireMovedTo(
  document: UnrollDocument,
  from: PortRef,
  onto: PortRef,
  side: Direction,
): { readonly id: string; readonly from: PortRef; readonly to: PortRef } | null {
  const end = side === 'output' ? 'from' : 'to';
  const wires = document.edges.filter((e) => e[end].node === from.node && e[end].port === from.port);
  const [wire] = wires;
  if (!wire || wires.length !== 1) return null;
  return side === 'output' ? { id: wire.id, from: onto, to: wire.to } : { id: wire.id, from: wire.from, to: onto };
}

/** A port of something that could be added. */
export interface PartFit {
  readonly part: Part;
  readonly port: string;
  readonly label: string;
}

/** Ports of new nodes that could take a wire from this port. */
export function possibleParts(
  parts: readonly Part[],
  document: UnrollDocument,
  facts: DataFacts,
  from: PortRef,
  direction: Direction,
): readonly PartFit[] {
  const types = typesAt(document, facts, from, direction);
  return parts.flatMap((part) => {
    const put = part.put(document, { x: 0, y: 0 });
    if (!put.ok) return [];
    const own = portsAt(put.document, put.id);
    const ports: readonly (InputPort | OutputPort)[] = (direction === 'output' ? own?.inputs : own?.outputs) ?? [];
    const plausible = ports.filter((port) => typesOf(port).some((type) => types.includes(type)));
    const fits = plausible.filter(({ name }) => {
      const end = { node: put.id, port: name };
      const [out, into] = direction === 'output' ? [from, end] : [end, from];
      return checkConnection(put.document, facts, out, into).ok;
    });
    return fits.map(({ name, label }) => ({ part, port: name, label }));
  });
}
