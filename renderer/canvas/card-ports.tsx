import { Handle } from '@xyflow/react';
import { type KeyboardEvent, memo } from 'react';
import type { NodePorts } from '../../engine/graph/blocks/ports.ts';
import { portKey } from '../../engine/graph/infer-shapes.ts';
import type { InputPort, OutputPort } from '../../engine/layers/layer.ts';
import type { ValueTypeName } from '../../engine/shapes/value-type.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { typeColour } from './colours.ts';
import { type Direction, portId, wiredPorts } from './port-choices.ts';
import { isCell, placeOf, sideOf, typesOf } from './port-places.ts';
import { openWirePicker } from './wire-picker-store.ts';
import { type Fit, fitOfPort, useWiring } from './wiring-store.ts';

interface CardPortsProps {
  readonly node: string;
  readonly ports: NodePorts | undefined;
  /** Whether Tab stops at them: at the ports of the selected node only, or a large graph would be all stops. */
  readonly reachable: boolean;
}

/** The ports of a node, from which wires are drawn. */
export function CardPorts({ node, ports, reachable }: CardPortsProps) {
  // Of all ports at once: a subscription for each port of each card is what a large graph waits for.
  const outputTypes = useDocumentStore((s) => s.inferred.outputs);
  const inputTypes = useDocumentStore((s) => s.inferred.inputs.get(node));
  const wired = wiredPorts(useDocumentStore((s) => s.document.edges));
  const wiring = useWiring();
  const side = (direction: Direction, all: readonly (InputPort | OutputPort)[]) =>
    all.map((port, index) => (
      <Port
        key={`${direction} ${port.name}`}
        node={node}
        port={port}
        direction={direction}
        place={placeOf(all, index)}
        reachable={reachable}
        type={direction === 'input' ? inputTypes?.[port.name]?.[0]?.type : outputTypes.get(portKey(node, port.name))?.type}
        wired={wired.has(portId({ node, port: port.name }, direction))}
        fit={fitOfPort(wiring, { node, port: port.name }, direction)}
      />
    ));
  return (
    <>
      {side('input', ports?.inputs ?? [])}
      {side('output', ports?.outputs ?? [])}
    </>
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
