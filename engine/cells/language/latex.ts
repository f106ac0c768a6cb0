import type { BinaryOperator, CellTree, Expression, FunctionName } from './tree.ts';
import { isFunctionName, roleOf } from './tree.ts';

const commands: Readonly<Partial<Record<FunctionName, string>>> = {
  sigmoid: '\\sigma',
  tanh: '\\tanh',
  exp: '\\exp',
  log: '\\log',
  min: '\\min',
  max: '\\max',
  layernorm: '\\operatorname{LN}',
};

/** Tightness as in the text, with fractions and functions as tight as a name. */
const tightness = { '+': 1, '-': 1, '*': 2, negative: 3, product: 4, atom: 5 } as const;

/** A cell's equations in TeX: `h'` is h_t, `h` is h_{t-1}, and every value of the step has its t. */
export function cellLatex(tree: CellTree): string {
  const rows = latexLines(tree).map(({ left, right }) => `${left} &= ${right}`);
  return `\\begin{aligned} ${rows.join(' \\\\ ')} \\end{aligned}`;
}

/** One equation in TeX, and the line that it stands on. */
export interface LatexLine {
  readonly line: number;
  readonly left: string;
  readonly right: string;
}

/** @param mark what is written for a parameter, given its name and its TeX */
export function latexLines(tree: CellTree, mark: Mark = (_name, tex) => tex): readonly LatexLine[] {
  const values = tree.flatMap(({ statement, number: line }) => (statement?.kind === 'value' ? [{ ...statement, line }] : []));
  const states = new Set(values.filter(({ next }) => next).map(({ name }) => name));
  return values.map(({ name, expression, line }) => ({ line, left: timed(name, 't'), right: latex(expression, states, mark) }));
}

type Mark = (name: string, tex: string) => string;

/** Letters of a name in TeX; what follows its first `_` stands below. */
function lettered(name: string): readonly [string, string | null] {
  const [first = '', ...rest] = name.split('_');
  const upright = (text: string): string => (text.length > 1 ? `\\mathrm{${text}}` : text);
  const below = rest.filter((part) => part !== '').map(upright);
  return [upright(first), below.length === 0 ? null : below.join(' ')];
}

const learned = (name: string): string => {
  const [letter, below] = lettered(name);
  return below === null ? letter : `${letter}_{${below}}`;
};

const timed = (name: string, time: string): string => {
  const [letter, below] = lettered(name);
  return `${letter}_{${below === null ? time : `${below}, ${time}`}}`;
};

function tight(expression: Expression): number {
  if (expression.kind === 'binary') return expression.operator === '/' ? tightness.atom : tightness[expression.operator];
  return expression.kind === 'negative' || expression.kind === 'product' ? tightness[expression.kind] : tightness.atom;
}

function latex(expression: Expression, states: ReadonlySet<string>, mark: Mark): string {
  const write = (one: Expression): string => latex(one, states, mark);
  const within = (one: Expression, least: number): string => (tight(one) < least ? `\\left(${write(one)}\\right)` : write(one));
  switch (expression.kind) {
    case 'number':
      return number(expression.value);
    case 'name': {
      if (roleOf(expression.name) !== 'value') return mark(expression.name, learned(expression.name));
      return timed(expression.name, states.has(expression.name) && !expression.next ? 't-1' : 't');
    }
    case 'product':
      return `${mark(expression.matrix, learned(expression.matrix))} ${within(expression.of, tightness.product)}`;
    case 'negative':
      return `-${within(expression.of, tightness.negative)}`;
    case 'binary':
      return joined(expression.operator, expression.left, expression.right, write, within);
    case 'call':
      return called(expression.function, expression.arguments.map(write));
  }
}

/** Not a vector: what it is multiplied with is scaled, not taken element by element. */
const isNumber = (one: Expression): boolean =>
  one.kind === 'number' ||
  (one.kind === 'name' && roleOf(one.name) === 'scalar') ||
  (one.kind === 'negative' && isNumber(one.of));

function joined(
  operator: BinaryOperator,
  left: Expression,
  right: Expression,
  write: (one: Expression) => string,
  within: (one: Expression, least: number) => string,
): string {
  if (operator === '/') return `\\frac{${write(left)}}{${write(right)}}`;
  const own = tightness[operator];
  const sign = operator !== '*' ? operator : isNumber(left) || isNumber(right) ? '\\cdot' : '\\odot';
  return `${within(left, own)} ${sign} ${within(right, own + 1)}`;
}

function called(name: string, parts: readonly string[]): string {
  if (name === 'sqrt') return `\\sqrt{${parts.join(', ')}}`;
  if (name === 'abs') return `\\left|${parts.join(', ')}\\right|`;
  const command = isFunctionName(name) ? (commands[name] ?? `\\operatorname{${name}}`) : `\\operatorname{${name}}`;
  return `${command}\\left(${parts.join(', ')}\\right)`;
}

/** `1e-7` as 1 · 10⁻⁷. */
function number(value: number): string {
  const [digits = '', exponent] = String(value).split('e');
  return exponent === undefined ? digits : `${digits} \\cdot 10^{${Number(exponent)}}`;
}
