import type { GraphEdge, GraphNode } from '../document/schema.ts';
import { type AnyLayer, findLayer } from '../layers/registry.ts';
import type { DataFacts } from '../shapes/data-facts.ts';
import type { Problem } from '../shapes/problem.ts';
import type { NodeInputs, ValueType, ValueTypeName } from '../shapes/value-type.ts';

export type NodeConfig = Readonly<Record<string, string | number | boolean | null>>;

/** A wire into a node: the kind of the node it comes from, and the type it carries where that is known. */
export interface Arrival {
  readonly edge: GraphEdge;
  readonly source: string;
  readonly value: ValueType | undefined;
}

/** What is known of one node. */
export interface NodeShapes {
  /** `null` where a setting is wrong. */
  readonly config: NodeConfig | null;
  /** `null` where the settings are. */
  readonly inputs: NodeInputs | null;
  readonly outputs: Readonly<Record<string, ValueType>>;
  readonly problems: readonly Problem[];
}

/** Types that leave a node, from its settings and what arrives. Pure. */
export function inferNode(node: GraphNode, arrivals: readonly Arrival[], facts: DataFacts): NodeShapes {
  const nothing = { config: null, inputs: null, outputs: {} };
  const layer = findLayer(node.kind);
  if (layer === undefined) {
    const problems = [problem(node.id, `unknown layer kind “${node.kind}”`, 'Update Unroll, or replace this node.')];
    return { ...nothing, problems };
  }
  const parsed = layer.config.safeParse(node.params);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) =>
      problem(node.id, `${issue.path.join('.') || 'settings'}: ${issue.message}`, 'Correct the setting in the inspector.'),
    );
    return { ...nothing, problems };
  }
  const config = parsed.data as NodeConfig;
  const { inputs, complete, problems } = gatherInputs(node, layer, arrivals);
  if (!complete) return { config, inputs, outputs: {}, problems };
  const result = layer.shape(config, inputs, facts);
  if (result.ok) return { config, inputs, outputs: result.outputs, problems };
  return { config, inputs, outputs: {}, problems: [...problems, problem(node.id, result.message, result.fix)] };
}

function gatherInputs(
  node: GraphNode,
  layer: AnyLayer,
  arrivals: readonly Arrival[],
): { readonly inputs: NodeInputs; readonly complete: boolean; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const inputs: Record<string, ValueType[]> = {};
  let complete = true;
  for (const port of layer.inputs) {
    const wires = arrivals.filter(({ edge }) => edge.to.port === port.name);
    if (wires.length === 0 && !port.optional) {
      problems.push(
        problem(node.id, `“${port.label}” needs a wire`, `Wire ${port.accepts.map(typeLabel).join(' or ')} into it.`),
      );
      complete = false;
    }
    if (wires.length > 1 && !port.many) {
      problems.push(
        problem(
          node.id,
          `“${port.label}” takes one wire, and has ${wires.length}`,
          'Remove the others, or join them with Concat first.',
        ),
      );
      complete = false;
    }
    const values: ValueType[] = [];
    for (const { edge: wire, source: kind, value } of wires) {
      if (value === undefined) {
        complete = false;
        const source = findLayer(kind);
        if (source && !source.outputs.some(({ name }) => name === wire.from.port)) {
          const message = `${source.title} has no output “${wire.from.port}”`;
          problems.push({ severity: 'error', node: node.id, edge: wire.id, message, fix: 'Remove the wire.' });
        }
      } else if (port.accepts.includes(value.type)) {
        values.push(value);
      } else {
        const { message, fix } = mismatch([value.type], port.accepts, layer.title);
        problems.push({ severity: 'error', node: node.id, edge: wire.id, message, fix });
        complete = false;
      }
    }
    inputs[port.name] = values;
  }
  for (const { edge: wire } of arrivals) {
    if (!layer.inputs.some((port) => port.name === wire.to.port)) {
      problems.push({
        severity: 'error',
        node: node.id,
        edge: wire.id,
        message: `${layer.title} has no input “${wire.to.port}”`,
        fix: 'Remove the wire.',
      });
    }
  }
  return { inputs, complete, problems };
}

const typeLabels: Readonly<Record<ValueTypeName, string>> = {
  tokens: 'tokens',
  sequence: 'a sequence',
  vector: 'a vector',
  pictures: 'pictures',
  state: 'a state',
  cell: 'a cell',
};
const typeLabel = (type: ValueTypeName): string => typeLabels[type];

/** Reason and fix for a wire between types that do not fit. */
export function mismatch(
  from: readonly ValueTypeName[],
  accepts: readonly ValueTypeName[],
  title: string,
): { message: string; fix: string } {
  const message = `${title} takes ${accepts.map(typeLabel).join(' or ')} here, but this wire carries ${from.map(typeLabel).join(' or ')}`;
  const needs = (type: ValueTypeName): boolean => accepts.includes(type);
  if (from.includes('tokens') && needs('sequence')) return { message, fix: 'Put an Embedding or a One-hot between them.' };
  if (from.includes('vector') && needs('sequence')) return { message, fix: 'Set the recurrent layer before it to “every step”.' };
  if (from.includes('pictures')) return { message, fix: 'Put a Flatten between them, after the convolutions.' };
  if (needs('pictures')) return { message, fix: 'Wire an Image, Frames or a Convolution here.' };
  if (from.includes('cell')) return { message, fix: 'Wire the cell into the cell port of a Recurrent or Bidirectional wrapper.' };
  if (needs('cell')) return { message, fix: 'Wire a Vanilla RNN, GRU or LSTM cell here.' };
  return { message, fix: `Wire ${accepts.map(typeLabel).join(' or ')} here.` };
}

function problem(node: string, message: string, fix: string): Problem {
  return { severity: 'error', node, edge: null, message, fix };
}
