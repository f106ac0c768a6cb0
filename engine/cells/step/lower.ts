import type { CheckedCell } from '../language/check.ts';
import { type BinaryOperator, type Expression, isFunctionName, roleOf } from '../language/tree.ts';
import { type BinaryOp, type NodeId, type Phase, phases, StepGraph } from './graph.ts';

/** One step of a cell: the nodes that make each part of the state after it. */
export interface Step {
  readonly graph: StepGraph;
  /** In the order of the states. */
  readonly next: readonly NodeId[];
  /** Each value of the text by its name, `c'` for a next state: what inspection traces. */
  readonly named: ReadonlyMap<string, NodeId>;
}

const operators: Readonly<Record<BinaryOperator, BinaryOp>> = { '+': 'add', '-': 'subtract', '*': 'multiply', '/': 'divide' };

/** The step of a cell, out of its equations. Terms of a sum that are known earlier are added first, so that little is left for each step. */
export function lowerCell(cell: CheckedCell): Step {
  const graph = new StepGraph();
  const named = new Map<string, NodeId>();
  const index = new Map(cell.states.map(({ name }, at) => [name, at]));
  const lower = (expression: Expression): NodeId => {
    switch (expression.kind) {
      case 'number':
        return graph.constant(expression.value);
      case 'name':
        return name(expression);
      case 'product':
        return graph.product(expression.matrix, lower(expression.of));
      case 'negative':
        return graph.unary('negative', lower(expression.of));
      case 'binary':
        if (expression.operator === '+' || expression.operator === '-') return sum(terms(expression, 1));
        return graph.binary(operators[expression.operator], lower(expression.left), lower(expression.right));
      case 'call':
        return call(expression);
    }
  };
  const name = ({ name: called, next }: Extract<Expression, { kind: 'name' }>): NodeId => {
    const role = roleOf(called);
    if (role !== 'value') return graph.parameter(called, role !== 'scalar');
    if (called === 'x') return graph.input();
    const state = index.get(called);
    if (!next && state !== undefined && called !== 'out') return graph.state(state);
    const known = named.get(next ? `${called}'` : called);
    if (known === undefined) throw new Error(`${called} has no value yet`);
    return known;
  };
  const call = (expression: Extract<Expression, { kind: 'call' }>): NodeId => {
    const [first = 0, second = 0] = expression.arguments.map(lower);
    const { function: called } = expression;
    if (!isFunctionName(called)) throw new Error(`no function ${called}`);
    return called === 'min' || called === 'max' ? graph.binary(called, first, second) : graph.unary(called, first);
  };
  const terms = (expression: Expression, sign: 1 | -1): readonly Term[] => {
    if (expression.kind !== 'binary' || (expression.operator !== '+' && expression.operator !== '-'))
      return [{ sign, node: lower(expression) }];
    const right = expression.operator === '-' ? (sign === 1 ? -1 : 1) : sign;
    return [...terms(expression.left, sign), ...terms(expression.right, right)];
  };
  const sum = (all: readonly Term[]): NodeId => {
    const early: Phase[] = [phases.parameter, phases.input, phases.state];
    const ordered = early.flatMap((phase) => all.filter(({ node }) => graph.phase(node) === phase));
    return ordered.reduce<NodeId>(
      (total, { sign, node }) => graph.binary(sign === 1 ? 'add' : 'subtract', total, node),
      graph.constant(0),
    );
  };
  for (const value of cell.values) named.set(value.next ? `${value.name}'` : value.name, lower(value.expression));
  const next = cell.states.map((state) => {
    const node = named.get(state.name === 'out' ? 'out' : `${state.name}'`);
    if (node === undefined) throw new Error(`${state.name} has no next value`);
    return node;
  });
  return { graph, next, named };
}

interface Term {
  readonly sign: 1 | -1;
  readonly node: NodeId;
}
