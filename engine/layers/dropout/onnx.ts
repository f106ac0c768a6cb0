import { arrived, type OnnxLayer } from '../onnx.ts';

/** Nothing: dropout acts in training only, and the ONNX model predicts. */
export const dropoutOnnx: OnnxLayer<unknown> = {
  write: (node) => ({ output: arrived(node, 'input', 'sequence', 'vector') }),
};
