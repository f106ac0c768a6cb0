import { Handle, type NodeProps } from '@xyflow/react';
import { TriangleAlert } from 'lucide-react';
import { type KeyboardEvent, memo, useMemo } from 'react';
import { blockKind, isBorder } from '../../engine/document/placed-blocks.ts';
import type { PortRef } from '../../engine/graph/edit.ts';
import { portKey } from '../../engine/graph/infer-shapes.ts';
import type { InputPort, OutputPort } from '../../engine/layers/layer.ts';
import { findLayer } from '../../engine/layers/registry.ts';
import type { ValueTypeName } from '../../engine/shapes/value-type.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { formatCount } from '../store/node-cards.ts';
import { Tooltip } from '../ui/tooltip.tsx';
import { blockSubtitle } from './block-words.ts';
import { CardName } from './card-name.tsx';
import { nodeColour, typeColour } from './colours.ts';
import { isOf, useDetail } from './detail-store.ts';
import type { LayerNode } from './flow-items.ts';
import { HeadFacts } from './head-facts.tsx';
import { InputFacts } from './input-facts.tsx';
import { LayerBlock } from './layer-block.tsx';
import { type Direction, portId, wiredPorts } from './port-choices.ts';
import { isCell, placeOf, portsHeight, sideOf, typesOf } from './port-places.ts';
import { openWirePicker } from './wire-picker-store.ts';
import { useWiring, type Wiring } from './wiring-store.ts';

/** A node of the graph: a card, or a block of colour where the canvas is too small to read a card. */
export const LayerCard = memo(function LayerCard(props: NodeProps<LayerNode>) {
  const card = useDetail((s) => isOf(s.cards, props.id));
  return card || props.data.open ? <OpenCard {...props} /> : <LayerBlock {...props} />;
});

/** Family bar, title, what it is set to, its size, and its problems. */
function OpenCard({ id, data, selected }: NodeProps<LayerNode>) {
  const { node, ports } = data;
  const layer = findLayer(node.kind);
  // From the node itself: while another document opens, the store is ahead of the canvas, and may know another kind under this id.
  const config = useMemo(() => layer?.config.safeParse(node.params).data, [layer, node.params]);
  const facts = useDocumentStore((s) => s.facts);
  const count = useDocumentStore((s) => s.parameters.get(id) ?? null);
  const all = useDocumentStore((s) => s.problems);
  const problems = useMemo(() => all.filter((problem) => problem.node === id), [all, id]);
  const worst = problems.some((p) => p.severity === 'error') ? 'error' : problems.length > 0 ? 'warning' : null;
  // Of all ports at once: a subscription for each port of each card is what a large graph waits for.
  const outputTypes = useDocumentStore((s) => s.inferred.outputs);
  const inputTypes = useDocumentStore((s) => s.inferred.inputs.get(id));
  const wired = wiredPorts(useDocumentStore((s) => s.document.edges));
  const wiring = useWiring();
  const blocks = useDocumentStore((s) => s.document.blocks);
  const subtitle = layer && config ? layer.subtitle(config, facts) : (blockSubtitle(blocks, node) ?? 'unknown settings');
  const inputs = ports?.inputs ?? [];
  // A wrapper's parameters are made from its cell, whose card tells their number.
  const wrapper = inputs.some(isCell);
  const outputs = ports?.outputs ?? [];
  return (
    <div
      className="card"
      data-selected={selected}
      data-problem={worst}
      data-drop={wiring.dropNode === id}
      data-family={layer?.family}
      data-kind={isBorder(node) || node.kind === blockKind ? node.kind : undefined}
      style={{ minHeight: portsHeight(ports) }}
    >
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
      </div>
      <p className="card__subtitle">
        {subtitle}
        {count !== null && count > 0 && !wrapper && ` · ${formatCount(count)} parameters`}
      </p>
      {layer?.family === 'input' && <InputFacts kind={node.kind} />}
      {layer?.family === 'head' && <HeadFacts />}
      {inputs.map((port, index) => (
        <Port
          key={port.name}
          node={id}
          port={port}
          direction="input"
          place={placeOf(inputs, index)}
          reachable={selected}
          type={inputTypes?.[port.name]?.[0]?.type}
          wired={wired.has(portId({ node: id, port: port.name }, 'input'))}
          fit={fitOf(wiring, { node: id, port: port.name }, 'input')}
        />
      ))}
      {outputs.map((port, index) => (
        <Port
          key={port.name}
          node={id}
          port={port}
          direction="output"
          place={placeOf(outputs, index)}
          reachable={selected}
          type={outputTypes.get(portKey(id, port.name))?.type}
          wired={wired.has(portId({ node: id, port: port.name }, 'output'))}
          fit={fitOf(wiring, { node: id, port: port.name }, 'output')}
        />
      ))}
    </div>
  );
}

interface PortProps {
  readonly node: string;
  readonly port: InputPort | OutputPort;
  readonly direction: Direction;
  readonly place: number;
  /** Whether Tab stops here: at the ports of the selected node only, or a large graph would be all stops. */
  readonly reachable: boolean;
  /** What is known to flow here. */
  readonly type: ValueTypeName | undefined;
  readonly wired: boolean;
  readonly fit: Fit | undefined;
}

const Port = memo(function Port({ node, port, direction, place, reachable, type: own, wired, fit }: PortProps) {
  const cell = isCell(port);
  const type = own ?? typesOf(port)[0] ?? 'sequence';
  const startWire = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    event.stopPropagation();
    openWirePicker({ node, port: { name: port.name, direction } });
  };
  return (
    <Handle
      id={port.name}
      type={direction === 'input' ? 'target' : 'source'}
      position={sideOf(port, direction)}
      className="port"
      data-cell={cell}
      data-fit={fit}
      data-wired={wired}
      role="button"
      tabIndex={reachable ? 0 : -1}
      aria-label={`Wire the ${direction} ${port.label}`}
      onKeyDown={startWire}
      style={{ '--port': typeColour[type], ...(cell ? {} : { top: place }) }}
    />
  );
});

/** While a wire is drawn: whether it begins here, or may end here. */
type Fit = 'start' | 'yes' | 'no';

function fitOf({ from, direction, fits }: Wiring, port: PortRef, side: Direction): Fit | undefined {
  if (from === null) return undefined;
  if (from.node === port.node && from.port === port.port && direction === side) return 'start';
  return fits.has(portId(port, side)) ? 'yes' : 'no';
}
