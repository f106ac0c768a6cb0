import { parseLine, rowsOf } from '../language/parse.ts';
import { type BinaryOperator, type CellTree, type Expression, roleOf, type Statement } from '../language/tree.ts';
import {
  type CellGraph,
  type CellNode,
  type CellWire,
  type GraphLine,
  inputId,
  labelOf,
  outputId,
  type Template,
  wireOf,
} from './cell-graph.ts';

type Value = Extract<Statement, { kind: 'value' }>;

/** The lines of a text that can be read; the others keep their numbers. */
export function readableLines(text: string): CellTree {
  return rowsOf(text).flatMap((row, index) => {
    const line = parseLine(row, index + 1);
    return 'message' in line ? [] : [line];
  });
}

/**
 * A cell's text as a graph. Lines that cannot be read are kept as they are, beside it.
 *
 * @param tree its readable lines, of which the operations keep their expressions
 */
export function readGraph(text: string, tree: CellTree = readableLines(text)): CellGraph {
  return new Reader(rowsOf(text), tree).graph();
}

/** Makes nodes and wires, line by line. */
class Reader {
  readonly #rows: readonly string[];
  readonly #read: ReadonlyMap<number, CellTree[number]>;
  readonly #values: ReadonlyMap<string, string>;
  readonly #states: readonly string[];
  readonly #nodes: CellNode[] = [];
  readonly #wires: CellWire[] = [];

  constructor(rows: readonly string[], tree: CellTree) {
    this.#rows = rows;
    this.#read = new Map(tree.map((line) => [line.number, line]));
    const values = tree.flatMap(({ statement, number }) => (statement?.kind === 'value' ? [{ ...statement, number }] : []));
    const ids = new Map<string, string>();
    // A name that is given twice is read as the first; the second has a node of its own.
    for (const value of values) if (!ids.has(labelOf(value))) ids.set(labelOf(value), labelOf(value));
    this.#values = ids;
    this.#states = [...new Set(values.filter(({ next }) => next).map(({ name }) => name))];
  }

  graph(): CellGraph {
    for (const name of ['x', ...this.#states]) this.#nodes.push({ kind: 'input', id: inputId(name), name });
    const lines = this.#rows.map((text, index) => this.#line(text, index + 1));
    const ends = [...this.#states.map((name) => `${name}'`), ...(this.#values.has('out') ? ['out'] : [])];
    for (const label of ends) {
      this.#nodes.push({ kind: 'output', id: outputId(label), label });
      this.#wires.push(wireOf(label, outputId(label), 0));
    }
    return { lines, nodes: this.#nodes, wires: this.#wires };
  }

  #line(text: string, number: number): GraphLine {
    const line = this.#read.get(number);
    if (line === undefined) return { text, read: null, comment: null, content: { kind: 'unread' } };
    const { statement, comment } = line;
    const kept = { text, read: statement, comment };
    if (statement === null) return { ...kept, content: { kind: 'nothing' } };
    if (statement.kind !== 'value') return { ...kept, content: { kind: 'stated', statement } };
    return { ...kept, content: { kind: 'value', node: this.#value(statement, number) } };
  }

  #value(statement: Value, number: number): string {
    const label = labelOf(statement);
    const id = this.#nodes.some((node) => node.id === label) ? `${label}@${number}` : label;
    this.#operation(id, label, statement.expression);
    return id;
  }

  /** A node for an expression, and nodes for what in it is a node of its own. */
  #operation(id: string, label: string | null, expression: Expression): void {
    const place = this.#nodes.length;
    const gate = isGate(expression);
    const operands = new Operands(id, (from, slot) => this.#wires.push(wireOf(from, id, slot)));
    const template = gate ? this.#gate(expression, operands) : this.#template(expression, operands);
    this.#nodes.splice(place, 0, { kind: 'operation', id, label, template, gate, expression });
  }

  /** One operation, whose operands are wired or stand in it. */
  #template(expression: Expression, operands: Operands): Template {
    const operand = (part: Expression): Template => this.#operand(part, operands);
    switch (expression.kind) {
      case 'number':
      case 'name':
        return operand(expression);
      case 'negative':
        return { kind: 'negative', of: operand(expression.of) };
      case 'call':
        return { kind: 'call', function: expression.function, arguments: expression.arguments.map(operand) };
      case 'binary':
        return {
          kind: 'binary',
          operator: expression.operator,
          left: operand(expression.left),
          right: operand(expression.right),
        };
      case 'product':
        return { kind: 'product', matrix: expression.matrix, of: operand(expression.of) };
    }
  }

  /** Functions of a sum of terms. */
  #gate(expression: Expression, operands: Operands): Template {
    const gate = (part: Expression): Template => this.#gate(part, operands);
    if (expression.kind === 'call')
      return { kind: 'call', function: expression.function, arguments: expression.arguments.map(gate) };
    return this.#sum(expression, operands);
  }

  #sum(expression: Expression, operands: Operands): Template {
    if (!isSum(expression)) return this.#term(expression, operands);
    const { operator, left, right } = expression;
    return { kind: 'binary', operator, left: this.#sum(left, operands), right: this.#sum(right, operands) };
  }

  /** A term that is learned stands in the gate; every other one is an operand. */
  #term(expression: Expression, operands: Operands): Template {
    if (expression.kind === 'product')
      return { kind: 'product', matrix: expression.matrix, of: this.#term(expression.of, operands) };
    if (expression.kind === 'binary' && isWeighed(expression)) return this.#template(expression, operands);
    // A norm of a part of the sum is a part of the gate.
    if (expression.kind === 'call' && expression.function === 'layernorm' && isGate(expression))
      return this.#gate(expression, operands);
    return this.#operand(expression, operands);
  }

  #operand(expression: Expression, operands: Operands): Template {
    const source = this.#sourceOf(expression);
    if (source !== null) return operands.wired(source);
    if (expression.kind === 'number' || expression.kind === 'name') return expression;
    if (!this.#readsValues(expression)) return this.#template(expression, operands);
    const { id } = operands;
    const part = `${id}/${operands.count}`;
    this.#operation(part, null, expression);
    return operands.wired(part);
  }

  /** The node that gives what a name stands for; `null` where it is no value that is given. */
  #sourceOf(expression: Expression): string | null {
    if (expression.kind !== 'name' || roleOf(expression.name) !== 'value') return null;
    const { name, next } = expression;
    const given = this.#values.get(labelOf(expression));
    if (given !== undefined && name !== 'x') return given;
    if (next) return null;
    return name === 'x' || this.#states.includes(name) ? inputId(name) : null;
  }

  #readsValues(expression: Expression): boolean {
    if (this.#sourceOf(expression) !== null) return true;
    switch (expression.kind) {
      case 'number':
      case 'name':
        return false;
      case 'product':
      case 'negative':
        return this.#readsValues(expression.of);
      case 'binary':
        return this.#readsValues(expression.left) || this.#readsValues(expression.right);
      case 'call':
        return expression.arguments.some((part) => this.#readsValues(part));
    }
  }
}

/** The slots of one node, numbered as they are read. */
class Operands {
  count = 0;
  readonly id: string;
  readonly #wire: (from: string, slot: number) => void;

  constructor(id: string, wire: (from: string, slot: number) => void) {
    this.id = id;
    this.#wire = wire;
  }

  wired(from: string): Template {
    const slot = this.count++;
    this.#wire(from, slot);
    return { kind: 'slot', slot };
  }
}

type Sum = Extract<Expression, { kind: 'binary' }>;
const sumOperators: readonly BinaryOperator[] = ['+', '-'];
const isSum = (expression: Expression): expression is Sum =>
  expression.kind === 'binary' && sumOperators.includes(expression.operator);

/** A value times a vector or a number that is learned. */
const isWeighed = ({ operator, left, right }: Sum): boolean =>
  operator === '*' && [left, right].some((part) => part.kind === 'name' && roleOf(part.name) !== 'value');

/** Whether an expression is a gate: functions of one value around a sum, or a product, that has something learned in it. */
function isGate(expression: Expression): boolean {
  if (expression.kind === 'call') {
    const [only] = expression.arguments;
    return only !== undefined && expression.arguments.length === 1 && isGate(only);
  }
  return isSum(expression) ? [expression.left, expression.right].some(isGateTerm) : expression.kind === 'product';
}

const isGateTerm = (expression: Expression): boolean =>
  (isSum(expression) && isGate(expression)) ||
  expression.kind === 'product' ||
  (expression.kind === 'call' && expression.function === 'layernorm' && isGate(expression)) ||
  (expression.kind === 'name' && ['bias', 'vector'].includes(roleOf(expression.name))) ||
  (expression.kind === 'binary' && isWeighed(expression) && !isSum(expression));
