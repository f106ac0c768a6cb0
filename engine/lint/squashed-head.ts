import { nodeOf } from '../document/node-of.ts';
import type { GraphNode, UnrollDocument } from '../document/schema.ts';
import { removeAndHeal, setParams } from '../graph/edit.ts';
import { findLayer } from '../layers/registry.ts';
import type { Remedy, Rule } from './finding.ts';
import { warning } from './finding.ts';

/**
 * Heads compute logits and their loss applies softmax or sigmoid itself: numbers that were squeezed before can no longer say that they
 * are sure.
 */
export const squashedHead: Rule = ({ document, facts, inferred }) => {
  const heads = new Set(document.nodes.filter((node) => findLayer(node.kind)?.family === 'head').map((node) => node.id));
  const wires = document.edges.filter((edge) => heads.has(edge.to.node));
  return wires.flatMap((edge) => {
    const dense = behindDropout(document, edge.from.node);
    if (dense?.kind !== 'dense') return [];
    const { activation, units } = inferred.configs.get(dense.id) ?? {};
    // As wide as there are classes: meant as the classes’ own scores.
    const scores = units === facts.classes && facts.classes !== null;
    if (activation !== 'sigmoid' && !(scores && activation !== 'identity')) return [];
    const remedy: Remedy = scores
      ? { label: 'Take it out', apply: (d) => removeAndHeal(d, facts, dense.id) }
      : { label: 'Use relu', apply: (d) => setParams(d, dense.id, { activation: 'relu' }) };
    return [
      warning(
        dense.id,
        `its ${activation} squeezes what the head makes logits of`,
        scores
          ? 'The head has a linear layer, and its loss the softmax, of its own: take this layer out.'
          : 'Use relu or tanh here; the loss applies the softmax or sigmoid itself.',
        remedy,
      ),
    ];
  });
};

/** What a wire really comes from: dropout leaves out numbers, but squeezes none. */
function behindDropout(document: UnrollDocument, id: string, passed: ReadonlySet<string> = new Set()): GraphNode | undefined {
  const node = nodeOf(document, id);
  if (node?.kind !== 'dropout' || passed.has(id)) return node;
  const into = document.edges.find((edge) => edge.to.node === id);
  return into && behindDropout(document, into.from.node, new Set([...passed, id]));
}
