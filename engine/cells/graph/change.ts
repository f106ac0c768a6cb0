import { type BinaryOperator, functionArity, isFunctionName } from '../language/tree.ts';
import { type CellGraph, nameOfLabel, type OperationNode, type Template, wireOf } from './cell-graph.ts';
import {
  calledOf,
  type Edited,
  freshName,
  named,
  namesIn,
  nodeOf,
  operationOf,
  ordered,
  refused,
  rootOf,
  withNode,
} from './edit.ts';
import { emptied, withoutSource, withoutStale } from './remove.ts';
import { slotsOf } from './template.ts';

export const operators = ['+', '-', '*', '/'] as const satisfies readonly BinaryOperator[];
type Operation = BinaryOperator | 'min' | 'max';
export const operations: readonly Operation[] = [...operators, 'min', 'max'];
export const functions: readonly string[] = Object.entries(functionArity).flatMap(([name, arity]) => (arity === 1 ? [name] : []));
const isOperator = (text: string): text is BinaryOperator => (operators as readonly string[]).includes(text);

/** What a node does that can be changed: the function around it, or the operation between two values. */
export type Action =
  | { readonly kind: 'function' /** `null`: none. */; readonly name: string | null }
  | { readonly kind: 'operation'; readonly name: string };

export function actionOf({ template, gate }: OperationNode): Action | null {
  if (template.kind === 'call') {
    if (template.arguments.length === 1) return { kind: 'function', name: template.function };
    return template.arguments.length === 2 ? { kind: 'operation', name: template.function } : null;
  }
  if (gate || template.kind === 'slot') return { kind: 'function', name: null };
  return template.kind === 'binary' ? { kind: 'operation', name: template.operator } : null;
}

/** Another function around what a node computes (`null` for none), or another operation between its two values. */
export function setAction(graph: CellGraph, id: string, name: string | null): Edited {
  const node = operationOf(graph, id);
  const action = node && actionOf(node);
  if (node === undefined || action == null)
    return refused('it has no function that could be another one', 'Change it in the text.');
  const done = (template: Template): Edited => ({ ok: true, graph: withNode(graph, { ...node, template }), node: id });
  const { template } = node;
  if (action.kind === 'operation') {
    const [left, right] =
      template.kind === 'binary' ? [template.left, template.right] : template.kind === 'call' ? template.arguments : [];
    if (!left || !right || !(operations as readonly (string | null)[]).includes(name))
      return refused('it needs an operation', `Operations: ${operations.join(', ')}.`);
    return done(between(name ?? '', left, right));
  }
  if (name !== null && !functions.includes(name))
    return refused(`no function is called ${name}`, `Functions: ${functions.join(', ')}.`);
  const inner = template.kind === 'call' ? template.arguments[0] : template;
  if (inner === undefined) return refused('it has no value to work on', 'Wire one to it.');
  return done(name === null ? inner : { kind: 'call', function: name, arguments: [inner] });
}

/** Two values joined: by `+ - * /`, `min` or `max`. */
export const between = (name: string, left: Template, right: Template): Template =>
  isOperator(name) ? { kind: 'binary', operator: name, left, right } : { kind: 'call', function: name, arguments: [left, right] };

/**
 * Draws a wire.
 *
 * @param slot what it replaces; `null`: a term, a factor or a value more
 */
export function wire(graph: CellGraph, from: string, to: string, slot: number | null): Edited {
  const source = nodeOf(graph, from);
  if (source === undefined || source.kind === 'output')
    return refused('a wire begins at a value', 'Begin at x, a state or an operation.');
  if (from === to) return circular(calledOf(source) ?? 'the value');
  // A part of a line that is read elsewhere too gets a name, and with it a line of its own.
  const begun = source.kind === 'operation' && source.label === null ? withName(graph, source.id) : graph;
  const target = nodeOf(begun, to);
  if (target === undefined || target.kind === 'input')
    return refused('a wire ends at an operation or at what the step gives', 'End it there.');
  const drawn = target.kind === 'output' ? given(begun, from, target.label) : read(begun, from, target, slot);
  if (!drawn.ok) return drawn;
  const sorted = ordered(drawn.graph);
  return 'circle' in sorted ? circular(sorted.circle) : { ok: true, graph: withoutStale(graph, sorted.graph), node: drawn.node };
}

const circular = (name: string): Edited =>
  refused(`${name} would be made from itself`, 'Take the value of the step before: a state at the left.');

function withName(graph: CellGraph, id: string): CellGraph {
  const edited = named(graph, id, freshName(graph, [...'adeqrsuvwyz']));
  return edited.ok ? edited.graph : graph;
}

/** A state's next value, or the output, is another value now. */
function given(graph: CellGraph, from: string, label: string): Edited {
  const node = operationOf(graph, label);
  if (node === undefined) return refused(`${label} has no line`, 'Write one in the text.');
  if (from === label) return { ok: true, graph, node: label };
  const alias = withNode(emptied(graph, node.id), { ...node, template: { kind: 'slot', slot: 0 } });
  return { ok: true, graph: { ...alias, wires: [...alias.wires, wireOf(from, node.id, 0)] }, node: label };
}

function read(graph: CellGraph, from: string, node: OperationNode, slot: number | null): Edited {
  if (slot !== null) {
    const empty = withoutSource(graph, node.id, slot);
    return { ok: true, graph: { ...empty, wires: [...empty.wires, wireOf(from, node.id, slot)] }, node: node.id };
  }
  const free = Math.max(-1, ...slotsOf(node.template)) + 1;
  const more = withMore(graph, node, { kind: 'slot', slot: free }, from);
  return { ok: true, graph: { ...more, wires: [...more.wires, wireOf(from, node.id, free)] }, node: node.id };
}

/** One value more: in a gate times a matrix of its own. */
function withMore(graph: CellGraph, node: OperationNode, slot: Template, from: string): CellGraph {
  const extend = (template: Template): Template => {
    if (template.kind === 'call' && template.arguments.length === 1)
      return { ...template, arguments: template.arguments.map(extend) };
    if (node.gate) {
      const product: Template = {
        kind: 'product',
        matrix: freshMatrix(graph, rootOf(graph, node.id), from === 'in:x'),
        of: slot,
      };
      return { kind: 'binary', operator: '+', left: template, right: product };
    }
    if (template.kind === 'call' && template.arguments.length === 2 && isFunctionName(template.function))
      return { ...template, arguments: [template, slot] };
    const operator = template.kind === 'binary' && (template.operator === '*' || template.operator === '/') ? '*' : '+';
    return { kind: 'binary', operator, left: template, right: slot };
  };
  return withNode(graph, { ...node, template: extend(node.template) });
}

/** `W_f` for the input, `U_f` for what is no input, or the next letter that is free. */
function freshMatrix(graph: CellGraph, root: string, input: boolean): string {
  const ending = nameOfLabel(operationOf(graph, root)?.label ?? 'a').name;
  const taken = namesIn(graph);
  const letters = [...(input ? 'WVUPQRS' : 'UVPQRSW')];
  return letters.map((letter) => `${letter}_${ending}`).find((name) => !taken.has(name)) ?? freshName(graph, [], `U_${ending}_`);
}
