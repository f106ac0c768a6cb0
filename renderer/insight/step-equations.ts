import { latexLines } from '../../engine/cells/language/latex.ts';
import { parseCell } from '../../engine/cells/language/parse.ts';
import type { CellTree, Expression } from '../../engine/cells/language/tree.ts';
import { namesIn, roleOf } from '../../engine/cells/language/tree.ts';
import { formatNumber } from '../training/metric-format.ts';

/** A line of a cell's equations with the numbers of one unit at one step. */
export interface NumberedLine {
  /** As the trace names it: `f`, or `c'` of a state after the step. */
  readonly name: string;
  /** TeX. */
  readonly left: string;
  readonly right: string;
  /** TeX of the right side with the numbers in their places; `null` where it is sums over all units, or a number is not known. */
  readonly numbers: string | null;
  /** What comes out; `null` where the unit has none of it. */
  readonly value: number | null;
}

/** A unit's value by its name as the trace has it: `f`, `c'` after the step, `c` before it; `null` where it has none. */
export type ValueOf = (name: string) => number | null;

/** A cell's lines with the numbers of one unit at one step; none where the text is no cell. */
export function numberedLines(equations: string, numberOf: ValueOf): readonly NumberedLine[] {
  const parsed = parseCell(equations);
  if (!parsed.ok) return [];
  const typeset = new Map(latexLines(parsed.tree).map((line) => [line.line, line]));
  return parsed.tree.flatMap(({ statement, number }): NumberedLine[] => {
    const line = typeset.get(number);
    if (statement?.kind !== 'value' || !line) return [];
    const name = traceName(statement);
    const filled = withNumbers(statement.expression, numberOf);
    return [{ name, left: line.left, right: line.right, numbers: filled === null ? null : texOf(filled), value: numberOf(name) }];
  });
}

const traceName = ({ name, next }: { readonly name: string; readonly next: boolean }): string => (next ? `${name}'` : name);

/** With every name's number in its place; `null` where one has none, or where a matrix mixes all units. */
function withNumbers(expression: Expression, numberOf: ValueOf): Expression | null {
  const fill = (one: Expression): Expression | null => withNumbers(one, numberOf);
  switch (expression.kind) {
    case 'number':
      return expression;
    case 'name': {
      const value = roleOf(expression.name) === 'value' ? numberOf(traceName(expression)) : null;
      return value === null ? null : { kind: 'number', value: Number(shown(value)), column: expression.column };
    }
    case 'product':
      return null;
    case 'negative': {
      const of = fill(expression.of);
      return of && { ...expression, of };
    }
    case 'binary': {
      const [left, right] = [fill(expression.left), fill(expression.right)];
      return left && right && { ...expression, left, right };
    }
    case 'call': {
      const filled = expression.arguments.map(fill);
      const known = filled.filter((one) => one !== null);
      return known.length === filled.length ? { ...expression, arguments: known } : null;
    }
  }
}

/** Three digits, as the equation has room for. */
export const shown = (value: number): string => formatNumber(value).replace(/,/g, '');

/** A number at a scale: a whole one as it is. */
export const shortened = (value: number): string => (Number.isInteger(value) ? String(value) : shown(value)).replace('-', '−');

/** An expression of numbers alone. A minus right after an operator is put in parentheses, as one writes it. */
function texOf(expression: Expression): string {
  const tree: CellTree = [{ number: 1, comment: null, statement: { kind: 'value', name: 'y', next: false, expression } }];
  return (latexLines(tree)[0]?.right ?? '').replace(/([-+]|\\cdot|\\odot) (-[\d.]+)/g, '$1 \\left($2\\right)');
}

/** How a state's value before the step enters the one after it, unit by unit. */
export interface Keeping {
  readonly state: string;
  /** As it is written: `f`, or `1 - z`. */
  readonly written: string;
  /** By how much a unit's state is kept; `null` where a number is not known. */
  factor(numberOf: ValueOf): number | null;
}

/** States whose next value has a term that is the value before, times something of the same unit. */
export function keepings(equations: string): readonly Keeping[] {
  const parsed = parseCell(equations);
  if (!parsed.ok) return [];
  const statements = parsed.tree.flatMap(({ statement }) => (statement?.kind === 'value' ? [statement] : []));
  return statements
    .filter(({ next }) => next)
    .flatMap(({ name, expression }) => {
      const terms = termsOf(expression).flatMap((term) => factorOf(term, name) ?? []);
      const [only] = terms;
      return terms.length === 1 && only ? [keepingOf(name, only)] : [];
    });
}

function termsOf(expression: Expression): readonly Expression[] {
  return expression.kind === 'binary' && expression.operator === '+'
    ? [...termsOf(expression.left), ...termsOf(expression.right)]
    : [expression];
}

/** What a state before the step is multiplied with in a term; `null` where it is not a factor of it. */
function factorOf(term: Expression, state: string): Expression | null {
  if (term.kind !== 'binary' || term.operator !== '*') return null;
  const is = (one: Expression): boolean => one.kind === 'name' && one.name === state && !one.next;
  const factor = is(term.left) ? term.right : is(term.right) ? term.left : null;
  return factor && !namesIn(factor).has(state) ? factor : null;
}

function keepingOf(state: string, factor: Expression): Keeping {
  return { state, written: written(factor), factor: (numberOf) => evaluate(factor, numberOf) };
}

const written = (one: Expression): string => {
  if (one.kind === 'name') return traceName(one);
  if (one.kind === 'number') return String(one.value);
  return one.kind === 'binary' ? `${written(one.left)} ${one.operator} ${written(one.right)}` : '…';
};

function evaluate(one: Expression, numberOf: ValueOf): number | null {
  if (one.kind === 'number') return one.value;
  if (one.kind === 'name') return numberOf(traceName(one));
  if (one.kind !== 'binary') return null;
  const [left, right] = [evaluate(one.left, numberOf), evaluate(one.right, numberOf)];
  if (left === null || right === null) return null;
  return { '+': left + right, '-': left - right, '*': left * right, '/': left / right }[one.operator];
}

/** After how many steps 1/e of a state is left that is kept by this factor at every step: -1 / ln f. */
export const timeConstant = (factor: number): number =>
  factor >= 1 ? Number.POSITIVE_INFINITY : factor <= 0 ? 0 : -1 / Math.log(factor);
