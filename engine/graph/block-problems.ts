import { blockInputs, blockOutputs, borderPort, definitionOf, isBorder, placementOf } from '../document/placed-blocks.ts';
import type { BlockDefinition, GraphNode, PortRef, UnrollDocument } from '../document/schema.ts';
import { findLayer } from '../layers/registry.ts';
import type { Problem } from '../shapes/problem.ts';
import type { ValueType } from '../shapes/value-type.ts';
import type { Expansion } from './blocks/expand.ts';
import { insideId, placeOf } from './blocks/inside-id.ts';
import { portsOf } from './blocks/ports.ts';
import { groupBy } from './sort-topologically.ts';

type Graph = Pick<UnrollDocument, 'nodes' | 'edges' | 'blocks'>;
type TypeAt = (ref: PortRef) => ValueType | undefined;

/** What is wrong at the borders of blocks, and with what lies in them; of each placed block. `typeAt` knows inside and outside alike. */
export function blockProblems(graph: Graph, expansion: Expansion, typeAt: TypeAt): readonly Problem[] {
  if (expansion.fault !== null) return [{ severity: 'error', node: null, edge: null, ...expansion.fault }];
  const problems = wireProblems(graph, graph, '');
  for (const node of expansion.placed) {
    const definition = definitionOf(graph, node);
    const first = placeOf(node.id).copies.every((copy) => copy === 0);
    if (definition === undefined || !first) continue;
    const { repeat } = placementOf(node) ?? { repeat: 1 };
    const within = insideId(node, 0, '');
    const fault = repeatProblem(
      definition,
      repeat,
      (port) => typeAt({ node: node.id, port }),
      (port) => typeAt({ node: `${within}${port}`, port: borderPort }),
    );
    if (fault !== null) problems.push(error(node.id, fault.message, fault.fix));
    problems.push(...wireProblems(graph, definition, within), ...outsiders(definition, within));
  }
  return problems;
}

/** Inputs read the data, and the head answers: neither is part of a module that can be placed twice. */
const outsiders = ({ nodes }: BlockDefinition, within: string): Problem[] =>
  nodes.flatMap(({ id, kind }) => {
    const layer = findLayer(kind);
    if (layer?.family !== 'input' && layer?.family !== 'head') return [];
    return [
      error(`${within}${id}`, `${layer.title} cannot stand in a block`, 'Put it outside, and wire it to a port of the block.'),
    ];
  });

/** Wires at ports that are not there, and too many or none where one is needed. */
function wireProblems(graph: Graph, canvas: Pick<Graph, 'nodes' | 'edges'>, within: string): Problem[] {
  const into = groupBy(canvas.edges, ({ to }) => to.node);
  const from = groupBy(canvas.edges, (edge) => edge.from.node);
  return canvas.nodes.flatMap((node) => {
    if (isBorder(node)) return borderProblems(node, into.get(node.id)?.length ?? 0, within);
    const definition = definitionOf(graph, node);
    const ports = definition && portsOf(graph, node);
    if (definition === undefined || ports === undefined) return [];
    const arriving = into.get(node.id) ?? [];
    const gone = [
      ...arriving
        .filter(({ to }) => !ports.inputs.some(({ name }) => name === to.port))
        .map((edge) => ({ edge, what: `input “${edge.to.port}”` })),
      ...(from.get(node.id) ?? [])
        .filter((edge) => !ports.outputs.some(({ name }) => name === edge.from.port))
        .map((edge) => ({ edge, what: `output “${edge.from.port}”` })),
    ].map(({ edge, what }) =>
      error(`${within}${node.id}`, `${ports.title} has no ${what}`, 'Remove the wire.', `${within}${edge.id}`),
    );
    const several = ports.inputs.flatMap(({ name, label }) => {
      const count = arriving.filter(({ to }) => to.port === name).length;
      return count < 2 ? [] : [error(`${within}${node.id}`, `“${label}” takes one wire, and has ${count}`, 'Remove the others.')];
    });
    return [...gone, ...several];
  });
}

function borderProblems(node: GraphNode, wires: number, within: string): Problem[] {
  const label = node.label ?? node.id;
  if (node.kind !== 'block-output' || wires === 1) return [];
  return wires === 0
    ? [error(`${within}${node.id}`, `nothing is wired to the output “${label}”`, 'Wire something into it, or remove it.')]
    : [error(`${within}${node.id}`, `the output “${label}” takes one wire, and has ${wires}`, 'Remove the others.')];
}

/**
 * Why a block cannot follow itself: it needs one input and one output of the same type and width. What is not known yet is let through.
 *
 * @param leaves type at an output, `arrives` at an input of the first copy
 */
export function repeatProblem(
  definition: BlockDefinition,
  repeat: number,
  leaves: (port: string) => ValueType | undefined,
  arrives: (port: string) => ValueType | undefined,
): { readonly message: string; readonly fix: string } | null {
  if (repeat === 1) return null;
  const [inputs, outputs] = [blockInputs(definition), blockOutputs(definition)];
  const [input, output] = [inputs[0], outputs[0]];
  if (input === undefined || output === undefined || inputs.length > 1 || outputs.length > 1) {
    return {
      message: `“${definition.name}” has ${inputs.length} inputs and ${outputs.length} outputs: only a block with one of each can follow itself`,
      fix: 'Repeat it once, or put what has several ports outside.',
    };
  }
  const [first, last] = [arrives(input.id), leaves(output.id)];
  if (first === undefined || last === undefined || fits(last, first)) return null;
  return {
    message: `“${definition.name}” gives ${said(last)} and takes ${said(first)}: it cannot follow itself`,
    fix: 'Give it the same width at both ends, or repeat it once.',
  };
}

/** Time may differ: a copy that halves the steps leaves fewer to the next. A width that waits for data may still fit. */
function fits(from: ValueType, to: ValueType): boolean {
  const { time: _from, ...a } = { time: '', ...from };
  const { time: _to, ...b } = { time: '', ...to };
  if ('features' in a && 'features' in b && a.type === b.type && (a.features === null || b.features === null)) return true;
  return JSON.stringify(a) === JSON.stringify(b);
}

const said = (value: ValueType): string => {
  const width = 'features' in value ? value.features : null;
  return width === null ? value.type : `${value.type} ${width} wide`;
};

const error = (node: string, message: string, fix: string, edge: string | null = null): Problem => ({
  severity: 'error',
  node,
  edge,
  message,
  fix,
});
