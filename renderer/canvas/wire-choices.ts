import { nodeOf } from '../../engine/document/node-of.ts';
import type { GraphEdge, UnrollDocument } from '../../engine/document/schema.ts';
import { portsAt } from '../../engine/graph/blocks/ports.ts';
import type { PortRef } from '../../engine/graph/edit.ts';
import type { DataFacts } from '../../engine/shapes/data-facts.ts';
import { titleOf } from '../store/node-cards.ts';
import type { WireEnds } from './auto-wire.ts';
import type { Part } from './parts.ts';
import { type Direction, type PartFit, type PortEnd, possibleEnds, possibleParts } from './port-choices.ts';

/** What is wired without a pointer: a node, one of its ports, or a wire whose ends are moved. */
export type WireSubject =
  | { readonly node: string; readonly port: { readonly name: string; readonly direction: Direction } | null }
  | { readonly wire: string };

export type WireChoice =
  /** Draws a wire, or moves one; `end` is the one that is chosen. */
  | {
      readonly kind: 'draw';
      readonly ends: WireEnds;
      readonly end: PortEnd;
      readonly moving: string | null;
      readonly replaces: GraphEdge | null;
    }
  | { readonly kind: 'add'; readonly fit: PartFit; readonly end: PortEnd }
  /** Goes on to the wire's ends. */
  | { readonly kind: 'move'; readonly wire: GraphEdge }
  | { readonly kind: 'remove'; readonly wire: GraphEdge };

export interface WireGroup {
  readonly heading: string;
  readonly choices: readonly WireChoice[];
}

const nameIn = (document: UnrollDocument, id: string): string => {
  const node = nodeOf(document, id);
  return node ? titleOf(document, node) : id;
};
const samePort = (a: PortRef, b: PortRef): boolean => a.node === b.node && a.port === b.port;

/** All that can be done there, by group; groups without a choice are left out. `parts`: what could be added. */
export function wireChoices(
  parts: readonly Part[],
  document: UnrollDocument,
  facts: DataFacts,
  subject: WireSubject,
): readonly WireGroup[] {
  const groups = 'wire' in subject ? wireGroups(document, facts, subject.wire) : nodeGroups(parts, document, facts, subject);
  return groups.filter(({ choices }) => choices.length > 0);
}

/** Ends where a wire from this port may go, in the document without the wire that is moved. */
function draws(document: UnrollDocument, facts: DataFacts, own: PortEnd, moving: GraphEdge | null): WireChoice[] {
  const rest = moving ? { ...document, edges: document.edges.filter((e) => e !== moving) } : document;
  return possibleEnds(rest, facts, own.port, own.direction).flatMap((end) => {
    const ends = own.direction === 'output' ? { from: own.port, to: end.port } : { from: end.port, to: own.port };
    if (moving && samePort(ends.from, moving.from) && samePort(ends.to, moving.to)) return [];
    const input = portsAt(document, ends.to.node)?.inputs.find(({ name }) => name === ends.to.port);
    const replaces = input?.many ? null : (rest.edges.find((e) => samePort(e.to, ends.to)) ?? null);
    return [{ kind: 'draw', ends, end, moving: moving?.id ?? null, replaces }];
  });
}

function nodeGroups(
  parts: readonly Part[],
  document: UnrollDocument,
  facts: DataFacts,
  { node, port }: Extract<WireSubject, { node: string }>,
): readonly WireGroup[] {
  const layer = portsAt(document, node);
  const title = nameIn(document, node);
  const ownEnds = (direction: Direction): PortEnd[] =>
    ((direction === 'output' ? layer?.outputs : layer?.inputs) ?? [])
      .filter(({ name }) => port === null || (port.name === name && port.direction === direction))
      .map(({ name }) => ({ port: { node, port: name }, direction }));
  const own = { output: ownEnds('output'), input: ownEnds('input') };
  const existing = document.edges.filter(
    ({ from, to }) => own.output.some((end) => samePort(end.port, from)) || own.input.some((end) => samePort(end.port, to)),
  );
  const added = port === null ? [] : [...own.output, ...own.input];
  return [
    { heading: `From ${title} to`, choices: own.output.flatMap((end) => draws(document, facts, end, null)) },
    { heading: `Into ${title} from`, choices: own.input.flatMap((end) => draws(document, facts, end, null)) },
    {
      heading: existing.length === 1 ? 'Its wire' : 'Its wires',
      choices: existing.flatMap((wire): WireChoice[] => [
        { kind: 'move', wire },
        { kind: 'remove', wire },
      ]),
    },
    {
      heading: 'A new layer',
      choices: added.flatMap((end) =>
        possibleParts(parts, document, facts, end.port, end.direction).map((fit): WireChoice => ({ kind: 'add', fit, end })),
      ),
    },
  ];
}

function wireGroups(document: UnrollDocument, facts: DataFacts, id: string): readonly WireGroup[] {
  const wire = document.edges.find((e) => e.id === id);
  if (!wire) return [];
  return [
    {
      heading: `End at another input than ${nameIn(document, wire.to.node)}’s`,
      choices: draws(document, facts, { port: wire.from, direction: 'output' }, wire),
    },
    {
      heading: `Begin at another output than ${nameIn(document, wire.from.node)}’s`,
      choices: draws(document, facts, { port: wire.to, direction: 'input' }, wire),
    },
    { heading: 'The wire', choices: [{ kind: 'remove', wire }] },
  ];
}
