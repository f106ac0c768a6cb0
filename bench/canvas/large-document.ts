import { emptyDocument, type GraphEdge, type GraphNode, type UnrollDocument } from '../../engine/document/schema.ts';

/** One layer of the tower: a cell in its wrapper, layer norm, dropout and a residual sum, in three columns and two lines. */
const block = { nodes: 5, width: 660, height: 242, perRow: 12 } as const;
const width = 64;

/**
 * Tokens, an embedding, a tower of recurrent layers and a head, of valid layers and wires: each layer starts from the state of
 * the one before it, and sums its input, its dropout and (while wires are wanted) its layer norm and what the layers before it gave.
 *
 * @param nodes at least 8
 * @param wires at least what the tower needs, 7 of 5 nodes
 */
export function largeDocument(nodes: number, wires: number): UnrollDocument {
  const layers = Math.floor((nodes - 3) / block.nodes);
  const all: GraphNode[] = [];
  const edges: GraphEdge[] = [];
  const add = (id: string, kind: string, x: number, y: number, params: GraphNode['params'] = {}): string => {
    all.push({ id, kind, params, position: { x, y } });
    return id;
  };
  const wire = (from: readonly [node: string, port: string], to: readonly [node: string, port: string]): void => {
    const [source, target] = [from, to].map(([node, port]) => ({ node, port })) as [GraphEdge['from'], GraphEdge['to']];
    edges.push({ id: `w${edges.length}`, from: source, to: target });
  };

  const tokens = add('tokens', 'token-input', -440, 0);
  let last: readonly [string, string] = [add('embedding', 'embedding', -220, 0, { width }), 'sequence'];
  wire([tokens, 'tokens'], [last[0], 'tokens']);
  const given = [last];
  for (let layer = 0; layer < layers; layer++) {
    const row = Math.floor(layer / block.perRow);
    const [x, y] = [(layer % block.perRow) * block.width, row * block.height];
    const kind = row % 2 === 0 ? 'gru-cell' : 'lstm-cell';
    const cell = add(`cell${layer}`, kind, x, y + 121, { hidden: width });
    const recurrent = add(`recurrent${layer}`, 'recurrent', x, y);
    const norm = add(`norm${layer}`, 'layer-norm', x + 220, y);
    const dropout = add(`dropout${layer}`, 'dropout', x + 220, y + 121);
    const sum = add(`sum${layer}`, 'add', x + 440, y + 55);
    wire(last, [recurrent, 'sequence']);
    wire([cell, 'cell'], [recurrent, 'cell']);
    if (layer % block.perRow > 0) wire([`recurrent${layer - 1}`, 'state'], [recurrent, 'initial']);
    wire([recurrent, 'output'], [norm, 'input']);
    wire([norm, 'output'], [dropout, 'input']);
    wire([dropout, 'output'], [sum, 'inputs']);
    wire(last, [sum, 'inputs']);
    last = [sum, 'output'];
    given.push(last);
  }
  for (let i = all.length; i < nodes - 1; i++) {
    const dense = add(`dense${i}`, 'dense', (i - nodes) * 220, block.height * Math.ceil(layers / block.perRow));
    wire(last, [dense, 'input']);
    last = [dense, 'output'];
  }
  wire(last, [add('head', 'dense-softmax', 0, block.height * Math.ceil(layers / block.perRow)), 'input']);
  for (let layer = 0; edges.length < wires && layer < layers; layer++)
    wire([`norm${layer}`, 'output'], [`sum${layer}`, 'inputs']);
  for (let layer = 1; edges.length < wires && layer < layers; layer++) {
    const before = given[layer - 1];
    if (before !== undefined) wire(before, [`sum${layer}`, 'inputs']);
  }
  return { ...emptyDocument(`${nodes} nodes`), nodes: all, edges };
}
