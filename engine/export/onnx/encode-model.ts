import type { OnnxAttribute, OnnxConstant, OnnxGraphData, OnnxOperator, OnnxValueInfo } from '../../layers/onnx-data.ts';
import { Message } from './protobuf.ts';

/** Operators as of ONNX 1.12: LayerNormalization is there, and every runtime since 2022 reads it. */
export const operatorSet = 17;
/** Version of the file format that belongs to it. */
const irVersion = 8;

/** Codes of `TensorProto.DataType`. */
const dataTypes = { float: 1, int64: 7, bool: 9 } as const;
/** Codes of `AttributeProto.AttributeType`. */
const attributeTypes = { float: 1, int: 2, string: 3, graph: 5, floats: 6, ints: 7, strings: 8 } as const;

export interface OnnxModel {
  readonly graph: OnnxGraphData;
  readonly producer: { readonly name: string; readonly version: string };
  readonly metadata: Readonly<Record<string, string>>;
}

/** `ModelProto` of onnx.proto3; field numbers are from there. */
export function encodeModel({ graph, producer, metadata }: OnnxModel): Uint8Array {
  const model = new Message()
    .int(1, irVersion)
    .string(2, producer.name)
    .string(3, producer.version)
    .message(7, graphProto(graph))
    .message(8, new Message().string(1, '').int(2, operatorSet));
  for (const [key, value] of Object.entries(metadata)) model.message(14, new Message().string(1, key).string(2, value));
  return model.finish();
}

function graphProto(graph: OnnxGraphData): Message {
  const message = new Message();
  for (const operator of graph.operators) message.message(1, nodeProto(operator));
  message.string(2, graph.name);
  for (const constant of graph.constants) message.message(5, tensorProto(constant));
  if (graph.description !== '') message.string(10, graph.description);
  for (const value of graph.inputs) message.message(11, valueProto(value));
  for (const value of graph.outputs) message.message(12, valueProto(value));
  for (const value of graph.values) message.message(13, valueProto(value));
  return message;
}

function nodeProto({ op, name, inputs, outputs, attributes }: OnnxOperator): Message {
  const message = new Message();
  for (const input of inputs) message.string(1, input);
  for (const output of outputs) message.string(2, output);
  message.string(3, name).string(4, op);
  for (const [key, attribute] of Object.entries(attributes)) message.message(5, attributeProto(key, attribute));
  return message;
}

function attributeProto(name: string, attribute: OnnxAttribute): Message {
  const message = new Message().string(1, name);
  const typed = (type: keyof typeof attributeTypes): Message => message.int(20, attributeTypes[type]);
  if ('int' in attribute) return typed('int').int(3, attribute.int);
  if ('float' in attribute) return typed('float').float(2, attribute.float);
  if ('string' in attribute) return typed('string').string(4, attribute.string);
  if ('ints' in attribute) return typed('ints').ints(8, attribute.ints);
  if ('floats' in attribute) return typed('floats').floats(7, attribute.floats);
  if ('graph' in attribute) return typed('graph').message(6, graphProto(attribute.graph));
  for (const value of attribute.strings) message.string(9, value);
  return typed('strings');
}

function tensorProto({ name, shape, data }: OnnxConstant): Message {
  return new Message()
    .ints(1, shape)
    .int(2, data instanceof Float32Array ? dataTypes.float : dataTypes.int64)
    .string(8, name)
    .bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

function valueProto({ name, type, shape, description }: OnnxValueInfo): Message {
  const dimensions = new Message();
  for (const extent of shape) {
    dimensions.message(1, typeof extent === 'number' ? new Message().int(1, extent) : new Message().string(2, extent));
  }
  const tensor = new Message().int(1, dataTypes[type]).message(2, dimensions);
  const message = new Message().string(1, name).message(2, new Message().message(1, tensor));
  return description === undefined ? message : message.string(3, description);
}
