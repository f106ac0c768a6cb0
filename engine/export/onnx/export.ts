import packageFile from '../../../package.json' with { type: 'json' };
import type { OnnxGraphData } from '../../layers/onnx-data.ts';
import { UserError } from '../../protocol/envelope.ts';
import { featuresFiles } from '../features/features-files.ts';
import { mediaKind } from '../features/media-json.ts';
import type { TrainedModel } from '../pytorch/export.ts';
import { goldensJson } from '../pytorch/goldens.ts';
import { vocabularyJson } from '../pytorch/vocabulary-json.ts';
import { encodeModel } from './encode-model.ts';
import { listGraph } from './listing.ts';
import { metadata } from './metadata.ts';
import { onnxPythonParts } from './python-parts.ts';
import { readme } from './readme.ts';
import { writeGraph } from './write-graph.ts';
import { writeSteps } from './write-steps.ts';

/** Protocol Buffers hold less than this; larger models need weights in files of their own, which this export does not write. */
const mostBytes = 2 ** 31 - 1;
/** Runtimes compute sums in another order than the app. */
const tolerance = 1e-4;

/** `model.onnx`, and of a model that says sequences the graphs that say them step by step. */
export function encodeOnnx({ document, plan, encoding, parameters }: Omit<TrainedModel, 'goldens'>): Map<string, Uint8Array> {
  const weights = [...parameters.values()].reduce((sum, { data }) => sum + data.byteLength, 0);
  if (weights >= mostBytes) {
    throw new UserError({
      code: 'too-large-for-onnx',
      message: `The weights have ${(weights / 2 ** 30).toFixed(1)} GiB; an ONNX file holds at most 2.`,
      hint: 'Export to PyTorch instead.',
    });
  }
  const producer = { name: 'Unroll', version: packageFile.version };
  const told = metadata(plan, encoding, document.name);
  const files = [...writeGraphs(plan, parameters)].map(
    ([name, graph]) => [name, encodeModel({ graph, producer, metadata: told })] as const,
  );
  return new Map(files);
}

const writeGraphs = (plan: TrainedModel['plan'], parameters: TrainedModel['parameters']): ReadonlyMap<string, OnnxGraphData> =>
  new Map([['model.onnx', writeGraph(plan, parameters)], ...writeSteps(plan, parameters)]);

/** The way from a file to the graph's input, where the network reads files. */
function features({ encoding }: Pick<TrainedModel, 'encoding'>): readonly (readonly [string, string])[] {
  const media = mediaKind(encoding);
  return media === null ? [] : featuresFiles(media);
}

/** The whole ONNX folder, `file name → content`. Pure. */
export function exportOnnx(model: TrainedModel): Map<string, Uint8Array | string> {
  const { batches, predictions } = model.goldens;
  return new Map<string, Uint8Array | string>([
    ['README.md', readme(model.plan, model.encoding)],
    ...encodeOnnx(model),
    ...features(model),
    ['vocabulary.json', vocabularyJson(model.encoding)],
    ...onnxPythonParts(model.plan),
    ['golden.json', goldensJson({ batches, predictions }, tolerance)],
  ]);
}

/** What there is to read before exporting: the graph as text, and the readable files. */
export function onnxPreview({
  plan,
  parameters,
  encoding,
}: Pick<TrainedModel, 'plan' | 'parameters' | 'encoding'>): Map<string, string> {
  return new Map([
    ...[...writeGraphs(plan, parameters)].map(([name, graph]) => [name, listGraph(graph)] as const),
    ['README.md', readme(plan, encoding)],
    ...features({ encoding }),
    ...onnxPythonParts(plan),
  ]);
}
