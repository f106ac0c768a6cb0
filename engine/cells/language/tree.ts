import type { CellRemedy } from './remedy.ts';

/** Limits that keep a text from exhausting memory or the stack; the text itself is at most as long as any in a document. */
export const languageLimits = { lines: 400, columns: 500, depth: 48, name: 32, parameters: 200 } as const;

/** Functions of values, with how many arguments each takes. */
export const functionArity = {
  sigmoid: 1,
  tanh: 1,
  relu: 1,
  softplus: 1,
  exp: 1,
  log: 1,
  sqrt: 1,
  abs: 1,
  softmax: 1,
  layernorm: 1,
  min: 2,
  max: 2,
} as const;
export type FunctionName = keyof typeof functionArity;
export const isFunctionName = (name: string): name is FunctionName => Object.hasOwn(functionArity, name);

export type BinaryOperator = '+' | '-' | '*' | '/';

/** An expression as it was written. `column` is where it starts in its line, from 1. */
export type Expression =
  | { readonly kind: 'number'; readonly value: number; readonly column: number }
  /** A value, state, bias, vector or scalar; `next` where a prime follows: the state's value after the step. */
  | { readonly kind: 'name'; readonly name: string; readonly next: boolean; readonly column: number }
  /** A matrix times what stands right of it. */
  | { readonly kind: 'product'; readonly matrix: string; readonly of: Expression; readonly column: number }
  /** `column` is that of the operator. */
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
      readonly column: number;
    }
  | { readonly kind: 'negative'; readonly of: Expression; readonly column: number }
  /** Any name that stands right before a parenthesis; whether there is such a function is checked later. */
  | { readonly kind: 'call'; readonly function: string; readonly arguments: readonly Expression[]; readonly column: number };

export type Statement =
  | { readonly kind: 'value'; readonly name: string; readonly next: boolean; readonly expression: Expression }
  /** `width m = 32` */
  | { readonly kind: 'width'; readonly name: string; readonly value: number; readonly column: number }
  /** `start b_f = 1` */
  | { readonly kind: 'start'; readonly name: string; readonly value: number; readonly column: number };

/** One line: a statement, a comment, both, or nothing. */
export interface Line {
  /** From 1. */
  readonly number: number;
  readonly statement: Statement | null;
  /** What follows `#`, as it was written. */
  readonly comment: string | null;
}

/** What a person wrote, line by line: comments and empty lines are kept, spaces inside a line are not. */
export type CellTree = readonly Line[];

/** What is wrong with a cell's text, or worth a second thought, on its line and column (both from 1). */
export interface CellProblem {
  readonly severity: 'error' | 'warning';
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly fix: string;
  /** The fix, where a button can do it. */
  readonly remedy?: CellRemedy;
}

/** What a name stands for, told by how it is written. */
export type NameRole = 'matrix' | 'bias' | 'vector' | 'scalar' | 'value';

export function roleOf(name: string): NameRole {
  if (/^[A-Z]/.test(name)) return 'matrix';
  if (name.startsWith('b_')) return 'bias';
  if (name.startsWith('p_')) return 'vector';
  return name.startsWith('k_') ? 'scalar' : 'value';
}

/** Every name in an expression. */
export function namesIn(expression: Expression): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (one: Expression): void => {
    if (one.kind === 'name') names.add(one.name);
    if (one.kind === 'product') names.add(one.matrix);
    for (const part of partsOf(one)) visit(part);
  };
  visit(expression);
  return names;
}

/** What an expression is made of, in the order in which it is written. */
export function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'number':
    case 'name':
      return [];
    case 'product':
    case 'negative':
      return [expression.of];
    case 'binary':
      return [expression.left, expression.right];
    case 'call':
      return expression.arguments;
  }
}
