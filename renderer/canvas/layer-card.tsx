import { Handle, type NodeProps, Position } from '@xyflow/react';
import { TriangleAlert } from 'lucide-react';
import { type KeyboardEvent, memo, useMemo } from 'react';
import type { InputPort, OutputPort } from '../../engine/layers/layer.ts';
import { findLayer } from '../../engine/layers/registry.ts';
import { portKey } from '../../engine/shapes/infer-shapes.ts';
import type { ValueTypeName } from '../../engine/shapes/value-type.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { formatCount, titleOf } from '../store/node-cards.ts';
import { Tooltip } from '../ui/tooltip.tsx';
import { familyColour, typeColour } from './colours.ts';
import type { LayerNode } from './flow-items.ts';
import { type Direction, portId } from './port-choices.ts';
import { openWirePicker } from './wire-picker-store.ts';
import { useWiring } from './wiring-store.ts';

/** A node of the graph: family bar, title, what it is set to, its size, and its problems. */
export const LayerCard = memo(function LayerCard({ id, data, selected }: NodeProps<LayerNode>) {
  const { node } = data;
  const layer = findLayer(node.kind);
  // From the node itself: while another document opens, the store is ahead of the canvas, and may know another kind under this id.
  const config = useMemo(() => layer?.config.safeParse(node.params).data, [layer, node.params]);
  const facts = useDocumentStore((s) => s.facts);
  const count = useDocumentStore((s) => s.parameters.get(id) ?? null);
  const all = useDocumentStore((s) => s.problems);
  const problems = useMemo(() => all.filter((problem) => problem.node === id), [all, id]);
  const worst = problems.some((p) => p.severity === 'error') ? 'error' : problems.length > 0 ? 'warning' : null;
  const subtitle = layer && config ? layer.subtitle(config, facts) : 'unknown settings';
  const inputs = layer?.inputs ?? [];
  // A wrapper's parameters are made from its cell, whose card tells their number.
  const wrapper = inputs.some(isCell);
  const outputs = layer?.outputs ?? [];
  return (
    <div
      className="card"
      data-selected={selected}
      data-problem={worst}
      data-family={layer?.family}
      style={{ minHeight: Math.max(placeOf(inputs, inputs.length), placeOf(outputs, outputs.length)) - portSpacing + 14 }}
    >
      <div className="card__title">
        <span className="card__bar" style={{ background: familyColour(layer?.family) }} />
        <span className="card__name">{titleOf(node)}</span>
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
      {inputs.map((port, index) => (
        <Port key={port.name} node={id} port={port} direction="input" place={placeOf(inputs, index)} reachable={selected} />
      ))}
      {outputs.map((port, index) => (
        <Port key={port.name} node={id} port={port} direction="output" place={placeOf(outputs, index)} reachable={selected} />
      ))}
    </div>
  );
});

const typesOf = (port: InputPort | OutputPort): readonly ValueTypeName[] => ('accepts' in port ? port.accepts : port.types);
const isCell = (port: InputPort | OutputPort): boolean => typesOf(port).includes('cell');

/** At full size each port is a target of its own, as WCAG 2.2 wants (2.5.8). */
const portSpacing = 24;

/** How far down its side a port sits, in pixels: the first always at the same height, so that wires between neighbours are straight. */
function placeOf(ports: readonly (InputPort | OutputPort)[], index: number): number {
  const beside = ports.slice(0, index).filter((p) => !isCell(p));
  return 29 + beside.length * portSpacing;
}

interface PortProps {
  readonly node: string;
  readonly port: InputPort | OutputPort;
  readonly direction: Direction;
  readonly place: number;
  /** Whether Tab stops here: at the ports of the selected node only, or a large graph would be all stops. */
  readonly reachable: boolean;
}

function Port({ node, port, direction, place, reachable }: PortProps) {
  const cell = isCell(port);
  const own = useDocumentStore((s) =>
    direction === 'output'
      ? s.inferred.outputs.get(portKey(node, port.name))?.type
      : s.inferred.inputs.get(node)?.[port.name]?.[0]?.type,
  );
  const wired = useDocumentStore((s) =>
    s.document.edges.some((e) =>
      direction === 'output' ? e.from.node === node && e.from.port === port.name : e.to.node === node && e.to.port === port.name,
    ),
  );
  const fit = useWiring((s) => {
    if (s.from === null) return undefined;
    if (s.from.node === node && s.from.port === port.name && s.direction === direction) return 'start';
    return s.fits.has(portId({ node, port: port.name }, direction)) ? 'yes' : 'no';
  });
  const type = own ?? typesOf(port)[0] ?? 'sequence';
  const position = cell
    ? direction === 'input'
      ? Position.Bottom
      : Position.Top
    : direction === 'input'
      ? Position.Left
      : Position.Right;
  const startWire = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    event.stopPropagation();
    openWirePicker(node, { name: port.name, direction });
  };
  return (
    <Handle
      id={port.name}
      type={direction === 'input' ? 'target' : 'source'}
      position={position}
      className="port"
      data-cell={cell}
      data-fit={fit}
      data-wired={wired}
      title={`${port.label}: ${typesOf(port).join(' or ')}`}
      role="button"
      tabIndex={reachable ? 0 : -1}
      aria-label={`Wire the ${direction} ${port.label}`}
      onKeyDown={startWire}
      style={{ '--port': typeColour[type], ...(cell ? {} : { top: place }) }}
    />
  );
}
