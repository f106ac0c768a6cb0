import type { OnnxAttribute } from '../../layers/onnx.ts';
import type { OnnxGraphData, OnnxValueInfo } from './graph.ts';

/** The graph as lines to read: what goes in, one operator a line, what comes out. */
export function listGraph(graph: OnnxGraphData): string {
  const constants = new Map(graph.constants.map(({ name, shape }) => [name, shape]));
  const known = new Map(graph.values.map((value) => [value.name, shapeOf(value)]));
  const argument = (name: string): string => {
    const shape = constants.get(name);
    return shape === undefined ? name || '–' : `${name}[${shape.join('×')}]`;
  };
  const lines = graph.operators.map(({ op, inputs, outputs, attributes }) => {
    const options = Object.entries(attributes).map(([key, value]) => `${key}=${attributeText(value)}`);
    const made = outputs.filter((name) => name !== '').map((name) => (known.has(name) ? `${name} ${known.get(name)}` : name));
    return `${made.join(', ')} = ${op}(${[...inputs.map(argument), ...options].join(', ')})`;
  });
  const border = (value: OnnxValueInfo): string => `${value.name} ${value.type} ${shapeOf(value)}`;
  return `${[...graph.inputs.map((value) => `input ${border(value)}`), '', ...lines, '', ...graph.outputs.map((value) => `output ${border(value)}`)].join('\n')}\n`;
}

const shapeOf = ({ shape }: OnnxValueInfo): string => `[${shape.join(', ')}]`;

function attributeText(attribute: OnnxAttribute): string {
  const value: unknown = Object.values(attribute)[0];
  return Array.isArray(value) ? `[${value.join(', ')}]` : String(value);
}
