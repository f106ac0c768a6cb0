import { type NodeHandle, Position } from '@xyflow/react';
import type { InputPort, OutputPort } from '../../engine/layers/layer.ts';
import type { Family } from '../../engine/shapes/family.ts';
import type { ValueTypeName } from '../../engine/shapes/value-type.ts';
import { cardSize } from './make-room.ts';
import type { Direction } from './port-choices.ts';

/** Where the ports of a card are: known without drawing it. */
type Port = InputPort | OutputPort;

export const typesOf = (port: Port): readonly ValueTypeName[] => ('accepts' in port ? port.accepts : port.types);
/** A port of a block, inside, may carry a cell among others: it lies beside, as those for data do. */
export const isCell = (port: Port): boolean => typesOf(port).every((type) => type === 'cell');

/** As small as a graph is shown on opening, each port is a target of 24 px of its own, as WCAG 2.2 wants (2.5.8). */
const portSpacing = 29;
/** Width and height of a port, px. */
const portSize = 11;
/** How far a port stands out of its card, px: a wire begins there. */
export const portReach = portSize / 2;

/** How far down its side a port sits, in pixels: the first always at the same height, so that wires between neighbours are straight. */
export function placeOf(ports: readonly Port[], index: number): number {
  const beside = ports.slice(0, index).filter((p) => !isCell(p));
  return 29 + beside.length * portSpacing;
}

/** Of a layer or a block. */
interface CardPorts {
  readonly inputs: readonly InputPort[];
  readonly outputs: readonly OutputPort[];
  readonly family?: Family;
}

/** Height that a card needs for its ports, px. */
export function portsHeight(layer: CardPorts | undefined): number {
  const [inputs, outputs] = [layer?.inputs ?? [], layer?.outputs ?? []];
  return Math.max(placeOf(inputs, inputs.length), placeOf(outputs, outputs.length)) - portSpacing + 14;
}

/** Of what the cards of a family tell besides, px: an input's data, a head's figures. */
export const factsHeight: Readonly<Partial<Record<Family, number>>> = { input: 54, head: 64 };

/** Of a card before it is drawn, px. */
export const expectedSize = (layer: CardPorts | undefined): { readonly width: number; readonly height: number } => ({
  width: cardSize.width,
  height: Math.max(cardSize.height + ((layer?.family && factsHeight[layer.family]) ?? 0), portsHeight(layer)),
});

/** Data runs from left to right; a cell's wire goes up from it into the wrapper above. */
export function sideOf(port: Port, direction: Direction): Position {
  if (isCell(port)) return direction === 'input' ? Position.Bottom : Position.Top;
  return direction === 'input' ? Position.Left : Position.Right;
}

/** The ports of a card of that size, as React Flow would measure them. A cell's wire stays where it is on a card that is wider. */
export function handlesOf(layer: CardPorts | undefined, height: number, width: number = cardSize.width): NodeHandle[] {
  const all = (ports: readonly Port[], direction: Direction): NodeHandle[] =>
    ports.map((port, index) => {
      const position = sideOf(port, direction);
      const centre = {
        [Position.Left]: { x: 0, y: placeOf(ports, index) },
        [Position.Right]: { x: width, y: placeOf(ports, index) },
        [Position.Top]: { x: cardSize.width / 2, y: 0 },
        [Position.Bottom]: { x: cardSize.width / 2, y: height },
      }[position];
      return {
        id: port.name,
        type: direction === 'input' ? 'target' : 'source',
        position,
        x: centre.x - portSize / 2,
        y: centre.y - portSize / 2,
        width: portSize,
        height: portSize,
      };
    });
  return [...all(layer?.inputs ?? [], 'input'), ...all(layer?.outputs ?? [], 'output')];
}

/** Where a wire meets a port, from the card's corner: at the port's outer edge. */
export function wireEnd({ x, y, position, width = 0, height = 0 }: NodeHandle): { readonly x: number; readonly y: number } {
  switch (position) {
    case Position.Left:
      return { x, y: y + height / 2 };
    case Position.Right:
      return { x: x + width, y: y + height / 2 };
    case Position.Top:
      return { x: x + width / 2, y };
    case Position.Bottom:
      return { x: x + width / 2, y: y + height };
  }
}
