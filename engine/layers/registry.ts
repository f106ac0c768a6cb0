import type { z } from 'zod';
import { add } from './add/definition.ts';
import { bidirectional } from './bidirectional/definition.ts';
import { bridge } from './bridge/definition.ts';
import { cellLayers } from './cell-node.ts';
import { concat } from './concat/definition.ts';
import { convolution } from './convolution/definition.ts';
import { decoder } from './decoder/definition.ts';
import { dense } from './dense/definition.ts';
import { denseSigmoid } from './dense-sigmoid/definition.ts';
import { denseSoftmax } from './dense-softmax/definition.ts';
import { dropout } from './dropout/definition.ts';
import { embedding } from './embedding/definition.ts';
import { flatten } from './flatten/definition.ts';
import { framesInput } from './frames-input/definition.ts';
import { imageInput } from './image-input/definition.ts';
import type { LayerDefinition } from './layer.ts';
import { layerNorm } from './layer-norm/definition.ts';
import { linearRegression } from './linear-regression/definition.ts';
import { oneHot } from './one-hot/definition.ts';
import { pyramid } from './pyramid/definition.ts';
import { recurrent } from './recurrent/definition.ts';
import { seriesInput } from './series-input/definition.ts';
import { targetInput } from './target-input/definition.ts';
import { tokenInput } from './token-input/definition.ts';

/** Every layer kind, in palette order; cells as `engine/cells` lists them. A kind missing from `builders.tf.ts` or `torch.ts` registries does not compile. */
export const layers = {
  'token-input': tokenInput,
  'series-input': seriesInput,
  'image-input': imageInput,
  'frames-input': framesInput,
  'target-input': targetInput,
  embedding,
  'one-hot': oneHot,
  convolution,
  flatten,
  ...cellLayers,
  recurrent,
  bidirectional,
  pyramid,
  decoder,
  bridge,
  dropout,
  'layer-norm': layerNorm,
  dense,
  concat,
  add,
  'dense-softmax': denseSoftmax,
  'dense-sigmoid': denseSigmoid,
  'linear-regression': linearRegression,
} as const;

export type LayerKindName = keyof typeof layers;
/** Parsed settings of a kind. */
export type LayerConfig<K extends LayerKindName> = z.output<(typeof layers)[K]['config']>;
/** A definition with its settings type erased, for code that treats all kinds alike; parse with `definition.config` first. */
export type AnyLayer = LayerDefinition<LayerKindName, z.ZodObject>;

export const layerKinds = Object.keys(layers) as readonly LayerKindName[];

export const isLayerKind = (kind: string): kind is LayerKindName => Object.hasOwn(layers, kind);

/** Definition of a kind, or `undefined` for a kind this version does not know. */
export function findLayer(kind: string): AnyLayer | undefined {
  return isLayerKind(kind) ? (layers[kind] as unknown as AnyLayer) : undefined;
}
