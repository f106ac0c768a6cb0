import type { OnnxAttribute, OnnxGraphData, OnnxValueInfo } from '../../layers/onnx-data.ts';

/** The graph as lines to read: what goes in, one operator a line, what comes out; what an operator runs itself stands indented below it. */
export function listGraph(graph: OnnxGraphData): string {
  const constants = new Map(graph.constants.map(({ name, shape }) => [name, shape]));
  return `${linesOf(graph, constants).join('\n')}\n`;
}

function linesOf(graph: OnnxGraphData, constants: ReadonlyMap<string, readonly number[]>): readonly string[] {
  const known = new Map(graph.values.map((value) => [value.name, shapeOf(value)]));
  const argument = (name: string): string => {
    const shape = constants.get(name);
    return shape === undefined ? name || '–' : `${name}[${shape.join('×')}]`;
  };
  const lines = graph.operators.flatMap(({ op, inputs, outputs, attributes }): string[] => {
    const options = Object.entries(attributes).flatMap(([key, value]) =>
      'graph' in value ? [] : [`${key}=${attributeText(value)}`],
    );
    const made = outputs.filter((name) => name !== '').map((name) => (known.has(name) ? `${name} ${known.get(name)}` : name));
    const bodies = Object.values(attributes).flatMap((value) => ('graph' in value ? linesOf(value.graph, constants) : []));
    return [
      `${made.join(', ')} = ${op}(${[...inputs.map(argument), ...options].join(', ')})`,
      ...bodies.map((line) => (line === '' ? '' : `    ${line}`)),
    ];
  });
  const border = (value: OnnxValueInfo): string => `${value.name} ${value.type} ${shapeOf(value)}`;
  return [
    ...graph.inputs.map((value) => `input ${border(value)}`),
    '',
    ...lines,
    '',
    ...graph.outputs.map((value) => `output ${border(value)}`),
  ];
}

const shapeOf = ({ shape }: OnnxValueInfo): string => `[${shape.join(', ')}]`;

function attributeText(attribute: OnnxAttribute): string {
  const value: unknown = Object.values(attribute)[0];
  return Array.isArray(value) ? `[${value.join(', ')}]` : String(value);
}
