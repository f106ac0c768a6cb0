import { blockFault } from '../../document/block-limits.ts';
import { nodeOf } from '../../document/node-of.ts';
import { blockInputKind, blockKind, blockOutputKind, borderPort, isBorder } from '../../document/placed-blocks.ts';
import type { BlockDefinition, GraphEdge, GraphNode, PortRef, UnrollDocument } from '../../document/schema.ts';
import { findLayer } from '../../layers/registry.ts';
import { freshId, snap } from '../edit.ts';
import { partProblems } from '../part-problems.ts';
import { freshDefinitionId, type Refused, uniqueName } from './names.ts';
import { portsOf } from './ports.ts';

export type Collapsed =
  | {
      readonly ok: true;
      readonly document: UnrollDocument;
      /** Id of the placed block. */ readonly id: string;
      readonly definition: string;
    }
  | Refused;

/** Space between a block's content and the ports beside it, px. */
const beside = 264;

/**
 * Puts the chosen nodes, comments and frames into a new block, placed once where they were. Each value that crosses the border gets a port:
 * one a source, however many wires leave it. So does a required input that has no wire yet, so that it can get one outside.
 *
 * @returns refused where the block could not be one module: it has an input or a head, a wire leaves it and comes back, or it
 *   reads the input once and runs for every token, too
 */
export function collapse(document: UnrollDocument, chosen: ReadonlySet<string>, name: string): Collapsed {
  const nodes = document.nodes.filter(({ id }) => chosen.has(id));
  const refusal = refusedNodes(nodes) ?? comesBack(document, chosen);
  if (refusal !== null) return refusal;
  const border = new Border(document, nodes);
  const block: BlockDefinition = {
    id: freshDefinitionId(document),
    name: uniqueName(document, name),
    nodes: border.nodes(),
    edges: border.inner,
    comments: document.comments.filter(({ id }) => chosen.has(id)),
    frames: document.frames.filter(({ id }) => chosen.has(id)),
  };
  const id = freshId(document, blockKind);
  const placed: GraphNode = { id, kind: blockKind, params: { definition: block.id, repeat: 1 }, position: middle(nodes) };
  const at = document.nodes.findIndex((node) => chosen.has(node.id));
  const kept = document.nodes.filter((node) => !chosen.has(node.id));
  const before = document.nodes.slice(0, at).filter((node) => !chosen.has(node.id)).length;
  const collapsed: UnrollDocument = {
    ...document,
    nodes: [...kept.slice(0, before), placed, ...kept.slice(before)],
    edges: border.outer(id),
    comments: document.comments.filter((comment) => !chosen.has(comment.id)),
    frames: document.frames.filter((frame) => !chosen.has(frame.id)),
    blocks: [...document.blocks, block],
  };
  const fault = blockFault(collapsed) ?? partProblems(collapsed).find(({ node }) => node === id);
  return fault === undefined
    ? { ok: true, document: collapsed, id, definition: block.id }
    : { ok: false, message: fault.message, fix: fault.fix };
}

function refusedNodes(nodes: readonly GraphNode[]): Refused | null {
  if (nodes.length === 0) return { ok: false, message: 'no node is chosen', fix: 'Choose the nodes that become the block.' };
  for (const { kind, label } of nodes) {
    const layer = findLayer(kind);
    const said = label ?? layer?.title ?? kind;
    if (layer?.family === 'input')
      return { ok: false, message: `“${said}” reads the data, and stays outside of blocks`, fix: 'Choose the nodes behind it.' };
    if (layer?.family === 'head')
      return {
        ok: false,
        message: `“${said}” is what the model answers, and stays outside of blocks`,
        fix: 'Choose the nodes before it.',
      };
    if (isBorder({ kind }))
      return { ok: false, message: `“${said}” is a port of this block`, fix: 'Choose the nodes between the ports.' };
  }
  return null;
}

/** A block whose output leads, by nodes outside, to its own input would have to run before itself. */
function comesBack(document: UnrollDocument, chosen: ReadonlySet<string>): Refused | null {
  const open = document.edges.filter(({ from, to }) => chosen.has(from.node) && !chosen.has(to.node)).map(({ to }) => to.node);
  const seen = new Set(open);
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const { from, to } of document.edges) {
      if (from.node !== id) continue;
      if (chosen.has(to.node)) {
        const between = nodeOf(document, id);
        const said = between?.label ?? findLayer(between?.kind ?? '')?.title ?? id;
        return {
          ok: false,
          message: `a wire leaves these nodes and comes back by “${said}”: the block would feed itself`,
          fix: `Choose “${said}” as well, or leave out what it feeds.`,
        };
      }
      if (!seen.has(to.node)) open.push(to.node);
      seen.add(to.node);
    }
  }
  return null;
}

/** Where the wires of a selection cross its border. */
class Border {
  readonly inner: GraphEdge[] = [];
  readonly #document: UnrollDocument;
  readonly #nodes: readonly GraphNode[];
  readonly #within: ReadonlySet<string>;
  readonly #taken: Set<string>;
  readonly #inputs = new Map<string, GraphNode>();
  readonly #outputs = new Map<string, GraphNode>();
  readonly #wires: Set<string>;

  constructor(document: UnrollDocument, nodes: readonly GraphNode[]) {
    this.#document = document;
    this.#nodes = nodes;
    this.#within = new Set(nodes.map(({ id }) => id));
    this.#taken = new Set(this.#within);
    this.#wires = new Set(document.edges.map(({ id }) => id));
    for (const edge of document.edges) this.#cross(edge);
    for (const node of nodes) this.#open(node);
    if (this.#outputs.size === 0) for (const node of nodes) this.#end(node);
  }

  nodes(): GraphNode[] {
    return [...this.#inputs.values(), ...this.#nodes, ...this.#outputs.values()];
  }

  /** The wires outside, in their order, with those that crossed the border at the block's ports. */
  outer(block: string): GraphEdge[] {
    const drawn = new Set<string>();
    return this.#document.edges.flatMap((edge): GraphEdge[] => {
      const [from, to] = [this.#within.has(edge.from.node), this.#within.has(edge.to.node)];
      if (from && to) return [];
      if (from) return [{ ...edge, from: { node: block, port: this.#outputs.get(key(edge.from))?.id ?? '' } }];
      if (!to) return [edge];
      const port = this.#inputs.get(key(edge.from))?.id ?? '';
      if (drawn.has(port)) return [];
      drawn.add(port);
      return [{ ...edge, to: { node: block, port } }];
    });
  }

  #cross(edge: GraphEdge): void {
    const [from, to] = [this.#within.has(edge.from.node), this.#within.has(edge.to.node)];
    if (from && to) this.inner.push(edge);
    else if (to) this.inner.push({ ...edge, from: { node: this.#input(key(edge.from), edge.to).id, port: borderPort } });
    else if (from) this.#leave(edge.from);
  }

  /** A required input that no wire ends at. */
  #open(node: GraphNode): void {
    for (const port of portsOf(this.#document, node)?.inputs ?? []) {
      const to = { node: node.id, port: port.name };
      if (port.optional || this.#document.edges.some((edge) => key(edge.to) === key(to))) continue;
      this.inner.push({ id: this.#wire(), from: { node: this.#input(`open ${key(to)}`, to).id, port: borderPort }, to });
    }
  }

  /** What nothing reads, of a selection that nothing reads. */
  #end(node: GraphNode): void {
    const [output] = portsOf(this.#document, node)?.outputs ?? [];
    if (output && !this.#document.edges.some(({ from }) => from.node === node.id))
      this.#leave({ node: node.id, port: output.name });
  }

  #input(source: string, to: PortRef): GraphNode {
    const known = this.#inputs.get(source);
    if (known !== undefined) return known;
    const port = this.#port(blockInputKind, to);
    this.#inputs.set(source, port);
    return port;
  }

  #leave(from: PortRef): void {
    if (this.#outputs.has(key(from))) return;
    const port = this.#port(blockOutputKind, from);
    this.#outputs.set(key(from), port);
    this.inner.push({ id: this.#wire(), from, to: { node: port.id, port: borderPort } });
  }

  /** Named after the port it leads to or comes from: `sequence`, and where that is taken `lstm-2-sequence`. */
  #port(kind: string, inside: PortRef): GraphNode {
    const id = this.#name(inside);
    const xs = this.#nodes.map(({ position }) => position.x);
    const x = kind === blockInputKind ? Math.min(...xs) - beside : Math.max(...xs) + beside;
    const before = [...(kind === blockInputKind ? this.#inputs : this.#outputs).values()];
    const node = nodeOf({ nodes: this.#nodes }, inside.node);
    const lowest = Math.max(...before.map(({ position }) => position.y + 66), Number.NEGATIVE_INFINITY);
    return { id, kind, params: {}, position: snap({ x, y: Math.max(node?.position.y ?? 0, lowest) }) };
  }

  #name({ node, port }: PortRef): string {
    const stem = asId(port);
    const long = asId(`${node}-${port}`);
    const numbered = (n: number): string => `${stem.slice(0, 58)}-${n}`;
    let name = [stem, long].find((one) => !this.#taken.has(one));
    for (let n = 2; name === undefined; n++) if (!this.#taken.has(numbered(n))) name = numbered(n);
    this.#taken.add(name);
    return name;
  }

  #wire(): string {
    for (let n = 1; ; n++) {
      const id = `wire-${n}`;
      if (this.#wires.has(id)) continue;
      this.#wires.add(id);
      return id;
    }
  }
}

const key = ({ node, port }: PortRef): string => `${node} ${port}`;
const asId = (text: string): string => text.replace(/[^A-Za-z0-9_-]+/g, '-').slice(0, 64) || 'port';

function middle(nodes: readonly GraphNode[]): GraphNode['position'] {
  const mean = (values: readonly number[]): number => (Math.min(...values) + Math.max(...values)) / 2;
  return snap({ x: mean(nodes.map(({ position }) => position.x)), y: mean(nodes.map(({ position }) => position.y)) });
}
