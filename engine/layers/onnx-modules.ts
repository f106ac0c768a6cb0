import type { CellKind } from '../cells/registry.ts';
import { addOnnx } from './add/onnx.ts';
import { bidirectionalOnnx } from './bidirectional/onnx.ts';
import { bridgeOnnx } from './bridge/onnx.ts';
import { concatOnnx } from './concat/onnx.ts';
import { convolutionOnnx } from './convolution/onnx.ts';
import { decoderOnnx } from './decoder/onnx.ts';
import { denseOnnx } from './dense/onnx.ts';
import { denseSigmoidOnnx } from './dense-sigmoid/onnx.ts';
import { denseSoftmaxOnnx } from './dense-softmax/onnx.ts';
import { dropoutOnnx } from './dropout/onnx.ts';
import { embeddingOnnx } from './embedding/onnx.ts';
import { flattenOnnx } from './flatten/onnx.ts';
import { framesInputOnnx } from './frames-input/onnx.ts';
import { imageInputOnnx } from './image-input/onnx.ts';
import { layerNormOnnx } from './layer-norm/onnx.ts';
import { linearRegressionOnnx } from './linear-regression/onnx.ts';
import { oneHotOnnx } from './one-hot/onnx.ts';
import type { OnnxLayer } from './onnx.ts';
import { pyramidOnnx } from './pyramid/onnx.ts';
import { recurrentOnnx } from './recurrent/onnx.ts';
import { isLayerKind, type LayerConfig, type LayerKindName } from './registry.ts';
import { seriesInputOnnx } from './series-input/onnx.ts';
import { targetInputOnnx } from './target-input/onnx.ts';
import { tokenInputOnnx } from './token-input/onnx.ts';

type ModuleKind = Exclude<LayerKindName, CellKind>;

/**
 * The ONNX side of every kind that becomes a module of the plan; a missing kind does not compile. A kind that ONNX cannot express says so
 * here: `{ refused: 'why, and what to use instead' }`.
 */
const onnxLayers: { readonly [K in ModuleKind]: OnnxLayer<LayerConfig<K>> } = {
  'token-input': tokenInputOnnx,
  'series-input': seriesInputOnnx,
  'target-input': targetInputOnnx,
  embedding: embeddingOnnx,
  'one-hot': oneHotOnnx,
  recurrent: recurrentOnnx,
  bidirectional: bidirectionalOnnx,
  bridge: bridgeOnnx,
  'image-input': imageInputOnnx,
  'frames-input': framesInputOnnx,
  convolution: convolutionOnnx,
  flatten: flattenOnnx,
  pyramid: pyramidOnnx,
  decoder: decoderOnnx,
  dropout: dropoutOnnx,
  'layer-norm': layerNormOnnx,
  dense: denseOnnx,
  concat: concatOnnx,
  add: addOnnx,
  'dense-softmax': denseSoftmaxOnnx,
  'dense-sigmoid': denseSigmoidOnnx,
  'linear-regression': linearRegressionOnnx,
};

/** The ONNX side of a kind, its settings type erased: a plan holds settings that its definition has parsed. */
export function onnxLayer(kind: string): OnnxLayer<unknown> {
  if (!isLayerKind(kind) || !Object.hasOwn(onnxLayers, kind)) throw new Error(`layer kind ${kind} is not a module of its own`);
  return onnxLayers[kind as ModuleKind] as OnnxLayer<unknown>;
}
