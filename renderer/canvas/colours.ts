import { blockKind } from '../../engine/document/placed-blocks.ts';
import type { CanvasFrame, GraphNode } from '../../engine/document/schema.ts';
import { findLayer } from '../../engine/layers/registry.ts';
import type { Family } from '../../engine/shapes/family.ts';
import type { ValueTypeName } from '../../engine/shapes/value-type.ts';

/** Colour of each value type, on ports and wires. */
export const typeColour: Readonly<Record<ValueTypeName, string>> = {
  tokens: 'var(--tokens)',
  sequence: 'var(--sequence)',
  vector: 'var(--vector)',
  pictures: 'var(--pictures)',
  state: 'var(--state)',
  cell: 'var(--cell)',
};

const families: Readonly<Record<Family, string>> = {
  input: 'var(--tokens)',
  represent: 'var(--sequence)',
  cell: 'var(--cell)',
  unroll: 'var(--sequence)',
  shape: 'var(--state)',
  head: 'var(--vector)',
};

/** Colour of a frame, by its name. */
export const frameColour: Readonly<Record<CanvasFrame['colour'], string>> = {
  grey: 'var(--control-line)',
  blue: 'var(--sequence)',
  green: 'var(--vector)',
  amber: 'var(--tokens)',
  red: 'var(--bad)',
  purple: 'var(--cell)',
};

/** Accent of a node family. */
export const familyColour = (family: Family | undefined): string => (family === undefined ? 'var(--faint)' : families[family]);

/** Accent of a node: its family's, or that of blocks. */
export const nodeColour = ({ kind }: Pick<GraphNode, 'kind'>): string =>
  kind === blockKind ? 'var(--accent)' : familyColour(findLayer(kind)?.family);
