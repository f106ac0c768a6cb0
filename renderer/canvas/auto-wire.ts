import type { UnrollDocument } from '../../engine/document/schema.ts';
import { portsAt } from '../../engine/graph/blocks/ports.ts';
import { checkConnection } from '../../engine/graph/check-connection.ts';
import type { PortRef } from '../../engine/graph/edit.ts';
import type { DataFacts } from '../../engine/shapes/data-facts.ts';

export interface WireEnds {
  readonly from: PortRef;
  readonly to: PortRef;
}

const takesMany = (document: UnrollDocument, to: PortRef): boolean =>
  portsAt(document, to.node)?.inputs.some((port) => port.name === to.port && port.many) === true;

/** Wires that could be drawn from one node into another without taking any away. */
function wiresBetween(document: UnrollDocument, facts: DataFacts, source: string, target: string): readonly WireEnds[] {
  const wires: WireEnds[] = [];
  for (const output of portsAt(document, source)?.outputs ?? []) {
    for (const input of portsAt(document, target)?.inputs ?? []) {
      const [from, to] = [
        { node: source, port: output.name },
        { node: target, port: input.name },
      ];
      const taken = !input.many && document.edges.some((e) => e.to.node === to.node && e.to.port === to.port);
      if (!taken && checkConnection(document, facts, from, to).ok) wires.push({ from, to });
    }
  }
  return wires;
}

/**
 * Where several wires are possible, and the first output, the one that a layer is there for, fits one port that no other output fits:
 * that wire. A recurrent layer behind another takes its sequence; its state goes along only where that is asked for.
 */
function foremost(document: UnrollDocument, wires: readonly WireEnds[]): readonly WireEnds[] {
  const [first] = portsAt(document, wires[0]?.from.node ?? '')?.outputs ?? [];
  const [main, ...more] = wires.filter(({ from }) => from.port === first?.name);
  const alone = main && more.length === 0 && wires.every((wire) => wire === main || wire.to.port !== main.to.port);
  return alone ? [main] : wires;
}

/** What could be wired between a new node and those that it was added to. */
export interface PossibleWires {
  /** Whether the new node takes what they give, or gives what they take. */
  readonly side: 'after' | 'before';
  readonly wires: readonly WireEnds[];
  /** Whether nothing is left to choose: one wire at most with each of them, and no two into one port that takes one. */
  readonly clear: boolean;
}

/** Data runs from left to right, and a new node goes right of the others: only where it takes nothing of theirs may it give. */
export function possibleWires(
  document: UnrollDocument,
  facts: DataFacts,
  others: readonly string[],
  added: string,
): PossibleWires {
  const between = (source: string, target: string) => foremost(document, wiresBetween(document, facts, source, target));
  const after = others.flatMap((id) => between(id, added));
  const side = after.length > 0 ? 'after' : 'before';
  const wires = after.length > 0 ? after : others.flatMap((id) => between(added, id));
  const partners = new Set(wires.map(({ from, to }) => (side === 'after' ? from.node : to.node)));
  const places = new Set(wires.map(({ to }) => `${to.node}/${to.port}`));
  const shared = wires.every(({ to }) => takesMany(document, to));
  return { side, wires, clear: partners.size === wires.length && (places.size === wires.length || shared) };
}
