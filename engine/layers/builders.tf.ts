import { buildAdd } from './add/build.tf.ts';
import { buildBidirectional } from './bidirectional/build.tf.ts';
import { buildBridge } from './bridge/build.tf.ts';
import type { BuildContext, Builder, BuiltKind, Value } from './builder.tf.ts';
import { buildConcat } from './concat/build.tf.ts';
import { buildConvolution } from './convolution/build.tf.ts';
import { buildDecoder } from './decoder/build.tf.ts';
import { buildDense } from './dense/build.tf.ts';
import { buildDenseSigmoid } from './dense-sigmoid/build.tf.ts';
import { buildDenseSoftmax } from './dense-softmax/build.tf.ts';
import { buildDropout } from './dropout/build.tf.ts';
import { buildEmbedding } from './embedding/build.tf.ts';
import { buildFlatten } from './flatten/build.tf.ts';
import { buildFramesInput } from './frames-input/build.tf.ts';
import { buildImageInput } from './image-input/build.tf.ts';
import { buildLayerNorm } from './layer-norm/build.tf.ts';
import { buildLinearRegression } from './linear-regression/build.tf.ts';
import { buildOneHot } from './one-hot/build.tf.ts';
import type { PlanModule } from './plan-module.ts';
import { buildPyramid } from './pyramid/build.tf.ts';
import { buildRecurrent } from './recurrent/build.tf.ts';
import { buildSeriesInput } from './series-input/build.tf.ts';
import { buildTargetInput } from './target-input/build.tf.ts';
import { buildTokenInput } from './token-input/build.tf.ts';

/** Tensors of every layer kind; a kind missing here does not compile. */
export const builders: { readonly [K in BuiltKind]: Builder<K> } = {
  'token-input': buildTokenInput,
  'series-input': buildSeriesInput,
  'image-input': buildImageInput,
  'frames-input': buildFramesInput,
  'target-input': buildTargetInput,
  embedding: buildEmbedding,
  'one-hot': buildOneHot,
  convolution: buildConvolution,
  flatten: buildFlatten,
  recurrent: buildRecurrent,
  bidirectional: buildBidirectional,
  pyramid: buildPyramid,
  decoder: buildDecoder,
  bridge: buildBridge,
  dropout: buildDropout,
  'layer-norm': buildLayerNorm,
  dense: buildDense,
  concat: buildConcat,
  add: buildAdd,
  'dense-softmax': buildDenseSoftmax,
  'dense-sigmoid': buildDenseSigmoid,
  'linear-regression': buildLinearRegression,
};

/** A builder with its settings type erased. */
export type AnyBuilder = (
  context: Omit<BuildContext<BuiltKind>, 'config'> & { readonly config: PlanModule['config'] },
) => Readonly<Record<string, Value>>;

/** The builder of a plan's module; the plan's settings were parsed by the same kind's schema. */
export function builderOf(kind: string): AnyBuilder {
  if (!Object.hasOwn(builders, kind)) throw new Error(`no builder for layer kind ${kind}`);
  return builders[kind as BuiltKind] as unknown as AnyBuilder;
}
