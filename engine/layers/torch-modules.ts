import type { CellKind } from '../cells/registry.ts';
import { addTorch } from './add/torch.ts';
import { bidirectionalTorch } from './bidirectional/torch.ts';
import { bridgeTorch } from './bridge/torch.ts';
import { concatTorch } from './concat/torch.ts';
import { convolutionTorch } from './convolution/torch.ts';
import { decoderTorch } from './decoder/torch.ts';
import { denseTorch } from './dense/torch.ts';
import { denseSigmoidTorch } from './dense-sigmoid/torch.ts';
import { denseSoftmaxTorch } from './dense-softmax/torch.ts';
import { dropoutTorch } from './dropout/torch.ts';
import { embeddingTorch } from './embedding/torch.ts';
import { flattenTorch } from './flatten/torch.ts';
import { framesInputTorch } from './frames-input/torch.ts';
import { imageInputTorch } from './image-input/torch.ts';
import { layerNormTorch } from './layer-norm/torch.ts';
import { linearRegressionTorch } from './linear-regression/torch.ts';
import { oneHotTorch } from './one-hot/torch.ts';
import { pyramidTorch } from './pyramid/torch.ts';
import { recurrentTorch } from './recurrent/torch.ts';
import { isLayerKind, type LayerConfig, type LayerKindName } from './registry.ts';
import { seriesInputTorch } from './series-input/torch.ts';
import { targetInputTorch } from './target-input/torch.ts';
import { tokenInputTorch } from './token-input/torch.ts';
import type { TorchLayer } from './torch.ts';

type ModuleKind = Exclude<LayerKindName, CellKind>;

/** The PyTorch side of every kind that becomes a module of the plan; a missing kind does not compile. */
const torchLayers: { readonly [K in ModuleKind]: TorchLayer<LayerConfig<K>> } = {
  'token-input': tokenInputTorch,
  'series-input': seriesInputTorch,
  'target-input': targetInputTorch,
  'image-input': imageInputTorch,
  'frames-input': framesInputTorch,
  convolution: convolutionTorch,
  flatten: flattenTorch,
  pyramid: pyramidTorch,
  decoder: decoderTorch,
  bridge: bridgeTorch,
  embedding: embeddingTorch,
  'one-hot': oneHotTorch,
  recurrent: recurrentTorch,
  bidirectional: bidirectionalTorch,
  dropout: dropoutTorch,
  'layer-norm': layerNormTorch,
  dense: denseTorch,
  concat: concatTorch,
  add: addTorch,
  'dense-softmax': denseSoftmaxTorch,
  'dense-sigmoid': denseSigmoidTorch,
  'linear-regression': linearRegressionTorch,
};

/** The PyTorch side of a kind, its settings type erased: a plan holds settings that its definition has parsed. */
export function torchLayer(kind: string): TorchLayer<unknown> {
  if (!isLayerKind(kind) || !Object.hasOwn(torchLayers, kind)) throw new Error(`layer kind ${kind} is not a module of its own`);
  return torchLayers[kind as ModuleKind] as TorchLayer<unknown>;
}
