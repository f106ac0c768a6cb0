import packageFile from '../../../package.json' with { type: 'json' };
import { UserError } from '../../protocol/envelope.ts';
import type { TrainedModel } from '../pytorch/export.ts';
import { goldensJson } from '../pytorch/goldens.ts';
import { vocabularyJson } from '../pytorch/vocabulary-json.ts';
import { encodeModel } from './encode-model.ts';
import { listGraph } from './listing.ts';
import { metadata } from './metadata.ts';
import { parityScript } from './parity-script.ts';
import { readme } from './readme.ts';
import { writeGraph } from './write-graph.ts';

/** Protocol Buffers hold less than this; larger models need weights in files of their own, which this export does not write. */
const mostBytes = 2 ** 31 - 1;
/** Runtimes compute sums in another order than the app. */
const tolerance = 1e-4;

/** `model.onnx`. */
export function encodeOnnx({ document, plan, encoding, parameters }: Omit<TrainedModel, 'goldens'>): Uint8Array {
  const weights = [...parameters.values()].reduce((sum, { data }) => sum + data.byteLength, 0);
  if (weights >= mostBytes) {
    throw new UserError({
      code: 'too-large-for-onnx',
      message: `The weights have ${(weights / 2 ** 30).toFixed(1)} GiB; an ONNX file holds at most 2.`,
      hint: 'Export to PyTorch instead.',
    });
  }
  return encodeModel({
    graph: writeGraph(plan, parameters),
    producer: { name: 'Unroll', version: packageFile.version },
    metadata: metadata(plan, encoding, document.name),
  });
}

/** The whole ONNX folder, `file name → content`. Pure. */
export function exportOnnx(model: TrainedModel): Map<string, Uint8Array | string> {
  return new Map<string, Uint8Array | string>([
    ['README.md', readme(model.plan)],
    ['model.onnx', encodeOnnx(model)],
    ['vocabulary.json', vocabularyJson(model.encoding)],
    ['test_parity.py', parityScript(model.plan)],
    ['golden.json', goldensJson(model.goldens, tolerance)],
  ]);
}

/** What there is to read before exporting: the graph as text, and the readable files. */
export function onnxPreview({ plan, parameters }: Pick<TrainedModel, 'plan' | 'parameters'>): Map<string, string> {
  return new Map([
    ['model.onnx', listGraph(writeGraph(plan, parameters))],
    ['README.md', readme(plan)],
    ['test_parity.py', parityScript(plan)],
  ]);
}
