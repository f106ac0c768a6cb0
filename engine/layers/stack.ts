import { z } from 'zod';
import { cellParameters } from '../cells/parameters.ts';
import type { ParameterSpec } from '../shapes/parameter.ts';
import type { CellDescription } from '../shapes/value-type.ts';

/** Settings of a wrapper that stacks its cell (row L10): a deep RNN out of layers of one kind and width. */
export const stackFields = {
  layers: z.number().int().min(1).max(8).default(1).meta({
    title: 'Layers',
    description: 'How many layers of the cell are stacked, each over the outputs of the one before, with weights of its own.',
  }),
  dropout: z.number().min(0).max(0.95).default(0).meta({
    title: 'Dropout between',
    description: 'Share of features zeroed between one layer and the next, in training only; with two layers or more.',
  }),
  residual: z.boolean().default(false).meta({
    title: 'Residual',
    description: 'From the second layer on, each layer adds its input to its output: gradients pass a deep stack more easily.',
  }),
};

export interface Stack {
  readonly layers: number;
  /** After each layer but the last, as `torch.nn.LSTM`'s. */
  readonly dropout: number;
  readonly residual: boolean;
}

/** Whether some layer adds its input: none does in a stack of one. */
export const addsInputs = ({ layers, residual }: Stack): boolean => residual && layers > 1;

/** The settings in the words of a card's second line; nothing for a single layer. */
export const stackWords = ({ layers, residual }: Stack): readonly string[] =>
  layers === 1 ? [] : [`${layers} layers`, ...(residual ? ['residual'] : [])];

/** `2 × ` before what is stacked, for a short name; nothing for a single layer. */
export const timesLayers = ({ layers }: Pick<Stack, 'layers'>): string => (layers === 1 ? '' : `${layers} × `);

/** Suffix of the weights of one layer and direction, as in PyTorch: `_l0`, `_l1_reverse`. */
export const layerSuffix = (layer: number, reverse: boolean): string => `_l${layer}${reverse ? '_reverse' : ''}`;

/**
 * Weights of every layer and direction, in PyTorch's order.
 *
 * @param between width of what passes from layer to layer
 */
export function stackParameters(
  cell: CellDescription,
  inputWidth: number,
  between: number,
  layers: number,
  directions: 1 | 2,
): readonly ParameterSpec[] {
  return Array.from({ length: layers }, (_, layer) =>
    [false, true]
      .slice(0, directions)
      .flatMap((reverse) => cellParameters(cell, layer === 0 ? inputWidth : between, layerSuffix(layer, reverse))),
  ).flat();
}
