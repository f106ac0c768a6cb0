import { type Expression, type FunctionName, isFunctionName, roleOf } from '../language/tree.ts';
import { pythonName } from './python-names.ts';

/** A function of one value in PyTorch. */
const functions: Readonly<Record<Exclude<FunctionName, 'min' | 'max'>, (value: string) => string>> = {
  sigmoid: (a) => `torch.sigmoid(${a})`,
  tanh: (a) => `torch.tanh(${a})`,
  relu: (a) => `torch.relu(${a})`,
  softplus: (a) => `nn.functional.softplus(${a})`,
  exp: (a) => `torch.exp(${a})`,
  log: (a) => `torch.log(${a})`,
  sqrt: (a) => `torch.sqrt(${a})`,
  abs: (a) => `torch.abs(${a})`,
  softmax: (a) => `torch.softmax(${a}, dim=-1)`,
  layernorm: (a) => `self.layernorm(${a})`,
};

const onNumbers: Readonly<Partial<Record<FunctionName, (a: number) => number>>> = {
  sigmoid: (a) => 1 / (1 + Math.exp(-a)),
  tanh: Math.tanh,
  relu: (a) => Math.max(a, 0),
  softplus: (a) => Math.log1p(Math.exp(a)),
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
  abs: Math.abs,
};

/** The number that an expression is without anything learned or given; `null` for others. Torch's functions do not take plain numbers. */
function numberOf(expression: Expression): number | null {
  if (expression.kind === 'number') return expression.value;
  if (expression.kind === 'negative') {
    const of = numberOf(expression.of);
    return of === null ? null : -of;
  }
  if (expression.kind === 'binary') {
    const [a, b] = [numberOf(expression.left), numberOf(expression.right)];
    if (a === null || b === null) return null;
    return { '+': a + b, '-': a - b, '*': a * b, '/': a / b }[expression.operator];
  }
  if (expression.kind !== 'call' || !isFunctionName(expression.function)) return null;
  const [first = null, second = null] = expression.arguments.map(numberOf);
  if (first === null) return null;
  if (second !== null) return expression.function === 'min' ? Math.min(first, second) : Math.max(first, second);
  return onNumbers[expression.function]?.(first) ?? null;
}

const literal = (value: number): string => {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'float("nan")' : value > 0 ? 'float("inf")' : '-float("inf")';
};

const precedence = { '+': 1, '-': 1, '*': 2, '/': 2, negative: 3, atom: 4 } as const;

/** An expression of the equations in Python; `local` gives the variable of a value, or of a state after the step. */
export function pythonExpression(expression: Expression, local: (name: string, next: boolean) => string): string {
  const tightness = (one: Expression): number => {
    if (numberOf(one) !== null) return (numberOf(one) ?? 0) < 0 ? precedence.negative : precedence.atom;
    return one.kind === 'binary' ? precedence[one.operator] : one.kind === 'negative' ? precedence.negative : precedence.atom;
  };
  const within = (one: Expression, least: number): string => (tightness(one) < least ? `(${write(one)})` : write(one));
  const write = (one: Expression): string => {
    const number = numberOf(one);
    if (number !== null) return literal(number);
    switch (one.kind) {
      case 'number':
        return literal(one.value);
      case 'name':
        return roleOf(one.name) === 'value' ? local(one.name, one.next) : `self.${pythonName(one.name)}`;
      case 'product':
        return `linear(${write(one.of)}, self.${pythonName(one.matrix)})`;
      case 'negative':
        return `-${within(one.of, precedence.negative)}`;
      case 'binary': {
        const own = precedence[one.operator];
        return `${within(one.left, own)} ${one.operator} ${within(one.right, own + 1)}`;
      }
      case 'call':
        return called(one);
    }
  };
  const called = ({ function: name, arguments: parts }: Extract<Expression, { kind: 'call' }>): string => {
    if (!isFunctionName(name)) throw new Error(`no function ${name}`);
    const [first, second] = parts;
    if (first === undefined) throw new Error(`${name} of nothing`);
    if (name !== 'min' && name !== 'max') return functions[name](write(first));
    if (second === undefined) throw new Error(`${name} of one value`);
    const [a, b] = [numberOf(first), numberOf(second)];
    if (b !== null) return `torch.clamp(${write(first)}, ${name === 'max' ? 'min' : 'max'}=${literal(b)})`;
    if (a !== null) return `torch.clamp(${write(second)}, ${name === 'max' ? 'min' : 'max'}=${literal(a)})`;
    return `torch.${name}imum(${write(first)}, ${write(second)})`;
  };
  return write(expression);
}
