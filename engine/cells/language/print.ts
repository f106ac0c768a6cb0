import type { BinaryOperator, CellTree, Expression, Line, Statement } from './tree.ts';

/** The tree as text: parsed again it is the same tree. */
export const printCell = (tree: CellTree): string => tree.map(printLine).join('\n');

export const printLine = ({ statement, comment }: Pick<Line, 'statement' | 'comment'>): string =>
  [...(statement === null ? [] : [printStatement(statement)]), ...(comment === null ? [] : [`#${comment}`])].join('  ');

function printStatement(statement: Statement): string {
  switch (statement.kind) {
    case 'width':
    case 'start':
      return `${statement.kind} ${statement.name} = ${statement.value}`;
    case 'value':
      return `${statement.name}${statement.next ? "'" : ''} = ${printExpression(statement.expression)}`;
  }
}

/** How tightly an expression holds together: sums, terms, signs, products, and what needs no parentheses at all. */
const precedence = { '+': 1, '-': 1, '*': 2, '/': 2, negative: 3, product: 4, atom: 5 } as const;

function tightness(expression: Expression): number {
  switch (expression.kind) {
    case 'binary':
      return precedence[expression.operator];
    case 'negative':
    case 'product':
      return precedence[expression.kind];
    case 'number':
    case 'name':
    case 'call':
      return precedence.atom;
  }
}

export function printExpression(expression: Expression): string {
  switch (expression.kind) {
    case 'number':
      return String(expression.value);
    case 'name':
      return expression.next ? `${expression.name}'` : expression.name;
    case 'product':
      return `${expression.matrix} ${within(expression.of, precedence.product)}`;
    case 'negative':
      return `-${within(expression.of, precedence.negative)}`;
    case 'call':
      return `${expression.function}(${expression.arguments.map(printExpression).join(', ')})`;
    case 'binary':
      return printBinary(expression.operator, expression.left, expression.right);
  }
}

function printBinary(operator: BinaryOperator, left: Expression, right: Expression): string {
  const own = precedence[operator];
  return `${within(left, own)} ${operator} ${within(right, own + 1)}`;
}

function within(expression: Expression, least: number): string {
  const text = printExpression(expression);
  return tightness(expression) < least ? `(${text})` : text;
}
