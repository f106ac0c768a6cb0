import type { CellProgram } from '../cell-program.ts';
import type { KnownWidth } from '../language/widths.ts';
import type { NodeId } from './graph.ts';

/** How many numbers a node of the step's forward pass has a row; 1 where all units share it. */
export function nodeWidths({ parameters, states, step }: CellProgram): (id: NodeId) => KnownWidth {
  const rows = new Map(parameters.map(({ name, shape }) => [name, shape[0] ?? 1]));
  const widthOf = (id: NodeId): KnownWidth => {
    const node = step.graph.node(id);
    if (!node.wide) return 1;
    switch (node.op) {
      case 'input':
        return 'input';
      case 'state':
        return states[node.index]?.width ?? 1;
      case 'parameter':
        return rows.get(node.name) ?? 1;
      case 'product':
        return rows.get(node.matrix) ?? 1;
      default:
        if ('left' in node) return widthOf(step.graph.node(node.left).wide ? node.left : node.right);
        if ('of' in node) return widthOf(node.of);
        throw new Error(`${node.op} is not of the forward pass`);
    }
  };
  return widthOf;
}
