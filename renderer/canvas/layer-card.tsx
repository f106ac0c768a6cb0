import type { NodeProps } from '@xyflow/react';
import { TriangleAlert } from 'lucide-react';
import { memo, useMemo } from 'react';
import { blockKind, isBorder } from '../../engine/document/placed-blocks.ts';
import { findLayer } from '../../engine/layers/registry.ts';
import { CardHealth } from '../health/health-mark.tsx';
import { CardTrace } from '../insight/card-trace.tsx';
import { useDocumentStore } from '../store/document-store.ts';
import { formatCount } from '../store/node-cards.ts';
import { Tooltip } from '../ui/tooltip.tsx';
import { DelayLoop } from '../unfold/delay-loop.tsx';
import { UnfoldButton } from '../unfold/unfold-button.tsx';
import { UnfoldedBody } from '../unfold/unfolded-body.tsx';
import { wrapperRuns } from '../unfold/wrapper-runs.ts';
import { blockSubtitle } from './block-words.ts';
import { CardName } from './card-name.tsx';
import { CardPorts } from './card-ports.tsx';
import { nodeColour } from './colours.ts';
import { isOf, useDetail } from './detail-store.ts';
import type { LayerNode } from './flow-items.ts';
import { HeadFacts } from './head-facts.tsx';
import { InputFacts } from './input-facts.tsx';
import { LayerBlock } from './layer-block.tsx';
import { isCell, portsHeight } from './port-places.ts';
import { useWiring } from './wiring-store.ts';

/** A node of the graph: a card, or a block of colour where the canvas is too small to read a card. */
export const LayerCard = memo(function LayerCard(props: NodeProps<LayerNode>) {
  const card = useDetail((s) => isOf(s.cards, props.id));
  return card || props.data.open ? <OpenCard {...props} /> : <LayerBlock {...props} />;
});

/** Family bar, title, what it is set to, its size, and its problems. */
function OpenCard({ id, data, selected }: NodeProps<LayerNode>) {
  const { node, ports, grown } = data;
  const layer = findLayer(node.kind);
  // From the node itself: while another document opens, the store is ahead of the canvas, and may know another kind under this id.
  const config = useMemo(() => layer?.config.safeParse(node.params).data, [layer, node.params]);
  const facts = useDocumentStore((s) => s.facts);
  const count = useDocumentStore((s) => s.parameters.get(id) ?? null);
  const all = useDocumentStore((s) => s.problems);
  const problems = useMemo(() => all.filter((problem) => problem.node === id), [all, id]);
  const worst = problems.some((p) => p.severity === 'error') ? 'error' : problems.length > 0 ? 'warning' : null;
  const drop = useWiring((s) => s.dropNode === id);
  const blocks = useDocumentStore((s) => s.document.blocks);
  const subtitle = layer && config ? layer.subtitle(config, facts) : (blockSubtitle(blocks, node) ?? 'unknown settings');
  // A wrapper's parameters are made from its cell, whose card tells their number.
  const wrapper = ports?.inputs.some(isCell) === true;
  const runs = useMemo(() => wrapperRuns(node), [node]);
  return (
    <div
      className="card"
      data-selected={selected}
      data-problem={worst}
      data-drop={drop}
      data-family={layer?.family}
      data-kind={isBorder(node) || node.kind === blockKind ? node.kind : undefined}
      data-unfolded={grown ? (grown.folding ? 'closing' : 'open') : undefined}
      style={grown?.after ?? { minHeight: portsHeight(ports) }}
    >
      {runs && grown?.folding !== false && <DelayLoop directions={runs.directions} />}
      <CardHealth id={id} />
      <div className="card__title">
        <span className="card__bar" style={{ background: nodeColour(node) }} />
        <CardName node={node} title={data.title} />
        {worst !== null && (
          <Tooltip
            side="top"
            content={
              <ul className="card__problems">
                {problems.map((problem) => (
                  <li key={problem.message}>
                    <strong>{problem.message}</strong>. {problem.fix}
                  </li>
                ))}
              </ul>
            }
          >
            <span
              className="card__alert"
              data-severity={worst}
              role="img"
              aria-label={`${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}: ${problems.map((p) => p.message).join('; ')}`}
            >
              <TriangleAlert size={14} aria-hidden />
            </span>
          </Tooltip>
        )}
        {runs && <UnfoldButton id={id} ports={ports} open={grown?.folding === false} reachable={selected} />}
      </div>
      <p className="card__subtitle">
        {subtitle}
        {count !== null && count > 0 && !wrapper && ` · ${formatCount(count)} parameters`}
      </p>
      {layer?.family === 'input' && <InputFacts kind={node.kind} />}
      {layer?.family === 'head' && <HeadFacts />}
      {grown ? <UnfoldedBody id={id} title={data.title} /> : <CardTrace node={node} />}
      <CardPorts node={id} ports={ports} reachable={selected} />
    </div>
  );
}
