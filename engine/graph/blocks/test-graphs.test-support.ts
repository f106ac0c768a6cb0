import { emptyDocument, type GraphNode, type UnrollDocument } from '../../document/schema.ts';

/** `tokens → embed → first → second → head`, both recurrent layers with a cell of their own; `join` adds what both give. */
export function tagger(): UnrollDocument {
  const graph = { ...emptyDocument('tagger'), nodes: [], edges: [] };
  return [
    put('tokens', 'token-input'),
    put('embed', 'embedding', { tokens: 'tokens.tokens' }, { width: 4 }),
    put('cell', 'gru-cell', {}, { hidden: 4 }),
    put('first', 'recurrent', { sequence: 'embed.sequence', cell: 'cell.cell' }),
    put('cell-2', 'lstm-cell', {}, { hidden: 4 }),
    put('second', 'recurrent', { sequence: 'first.output', cell: 'cell-2.cell' }),
    put('join', 'concat', { inputs: ['second.output', 'first.output', 'embed.sequence'] }),
    put('head', 'dense-softmax', { input: 'join.output' }),
  ].reduce((document, add) => add(document), graph as UnrollDocument);
}

type Inputs = Readonly<Record<string, string | readonly string[]>>;

/** Adds a node with wires given as `node.port`. */
export const put =
  (id: string, kind: string, inputs: Inputs = {}, params: GraphNode['params'] = {}) =>
  (document: UnrollDocument): UnrollDocument => {
    const edges = [...document.edges];
    for (const [port, sources] of Object.entries(inputs)) {
      for (const source of typeof sources === 'string' ? [sources] : sources) {
        const [node = '', from = ''] = source.split('.');
        edges.push({ id: `wire-${edges.length + 1}`, from: { node, port: from }, to: { node: id, port } });
      }
    }
    const position = { x: 220 * document.nodes.length, y: 0 };
    return { ...document, nodes: [...document.nodes, { id, kind, params, position }], edges };
  };

/** `a.port>b.port`, in order. */
export const wiresOf = ({ edges }: Pick<UnrollDocument, 'edges'>): string[] =>
  edges.map(({ from, to }) => `${from.node}.${from.port}>${to.node}.${to.port}`);
