import { lowerBidirectional } from './bidirectional/lower.ts';
import type { BuiltKind } from './builder.tf.ts';
import { lowerDense } from './dense/lower.ts';
import { lowerDropout } from './dropout/lower.ts';
import { lowerEmbedding } from './embedding/lower.ts';
import { lowerLinear } from './linear-lowering.ts';
import type { Lowering } from './lowering.ts';
import type { PlanModule } from './plan-module.ts';
import { lowerRecurrent } from './recurrent/lower.ts';
import { lowerSeriesInput } from './series-input/lower.ts';
import { lowerTokenInput } from './token-input/lower.ts';

/** How every layer kind becomes a part of a network that runs as one op; `null`: networks with it run layer by layer. A kind missing here does not compile. */
const lowerings: { readonly [K in BuiltKind]: Lowering<K> | null } = {
  'token-input': lowerTokenInput,
  'series-input': lowerSeriesInput,
  'image-input': null,
  'frames-input': null,
  'target-input': null,
  embedding: lowerEmbedding,
  'one-hot': null,
  convolution: null,
  flatten: null,
  recurrent: lowerRecurrent,
  bidirectional: lowerBidirectional,
  pyramid: null,
  decoder: null,
  bridge: null,
  dropout: lowerDropout,
  'layer-norm': null,
  dense: lowerDense,
  concat: null,
  add: null,
  'dense-softmax': lowerLinear,
  'dense-sigmoid': lowerLinear,
  'linear-regression': lowerLinear,
};

/** Of a plan's module; its settings were parsed by the same kind's schema. */
export function lower(module: PlanModule, parameter: (name: string) => number): ReturnType<Lowering<BuiltKind>> {
  if (!Object.hasOwn(lowerings, module.kind)) throw new Error(`no lowering for layer kind ${module.kind}`);
  const lowering = lowerings[module.kind as BuiltKind] as unknown as
    | ((context: {
        config: PlanModule['config'];
        module: PlanModule;
        parameter: typeof parameter;
      }) => ReturnType<Lowering<BuiltKind>>)
    | null;
  return lowering === null ? null : lowering({ config: module.config, module, parameter });
}
