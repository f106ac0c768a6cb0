import { functionArity } from '../../engine/cells/language/tree.ts';
import { shapeWords } from './parameter-sizes.ts';
import { type CellReading, widthOfNode } from './read-cell.ts';

/** A name of the text with what it stands for. */
export interface NameHere {
  readonly name: string;
  readonly kind: 'input' | 'state' | 'value' | 'learned' | 'function';
  /** Shape, or what a function does. */
  readonly shape: string;
  readonly told: string;
}

const acts: Readonly<Record<keyof typeof functionArity, string>> = {
  sigmoid: 'between 0 and 1',
  tanh: 'between −1 and 1',
  relu: 'what is above 0',
  softplus: 'log(1 + exp(a)), above 0',
  exp: 'e to the power of a',
  log: 'natural logarithm',
  sqrt: 'square root',
  abs: 'size without sign',
  min: 'the smaller of two',
  max: 'the larger of two',
  softmax: 'over units: above 0, with the sum 1',
  layernorm: 'over units: mean 0, deviation 1',
};

const roles = { matrix: 'matrix', bias: 'bias', vector: 'a number for each unit', scalar: 'one number for all units' } as const;

/** Every name that the text can use. */
export function namesHere(reading: CellReading, inputWidth: number | null): readonly NameHere[] {
  const width = (node: Parameters<typeof widthOfNode>[1]): string => {
    const known = widthOfNode(reading, node);
    if (known === undefined) return '';
    return known === null ? 'one number' : `B × ${known === 'input' ? (inputWidth ?? 'E') : known}`;
  };
  const values = reading.graph.nodes.flatMap((node): NameHere[] => {
    if (node.kind === 'output') return [];
    if (node.kind === 'input') {
      const x = node.name === 'x';
      return [
        {
          name: node.name,
          kind: x ? 'input' : 'state',
          shape: width(node),
          told: x ? 'input of the step' : 'state before the step',
        },
      ];
    }
    if (node.label === null) return [];
    const state = node.label.endsWith("'");
    return [
      {
        name: node.label,
        kind: state ? 'state' : 'value',
        shape: width(node),
        told: state ? 'state after the step' : 'value of the step',
      },
    ];
  });
  const learned = reading.facts.cell.parameters.map((parameter): NameHere => {
    const start = parameter.start === null ? '' : `, starts at ${parameter.start}`;
    return {
      name: parameter.name,
      kind: 'learned',
      shape: shapeWords(parameter, inputWidth),
      told: `${roles[parameter.role]}, learned${start}`,
    };
  });
  const functions = Object.entries(acts).map(([name, told]): NameHere => {
    const of = functionArity[name as keyof typeof functionArity] === 2 ? 'a, b' : 'a';
    return { name, kind: 'function', shape: `${name}(${of})`, told };
  });
  return [...values, ...learned, ...functions];
}
