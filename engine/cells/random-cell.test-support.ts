import type { Random } from '../random.ts';

const pick = <T>(random: Random, items: readonly T[]): T => items[random.below(items.length)] as T;

/**
 * The text of a random cell: one to three states, values of two widths, every function and operator, each parameter role. Arguments of
 * functions that are not defined everywhere are kept where they are.
 */
export function randomCell(random: Random): string {
  const states = pick(random, [['h'], ['h', 'c'], ['c', 'h', 's']]);
  const values: string[] = [];
  const lines: string[] = [];
  let learned = 0;
  const fresh = (letter: string): string => `${letter}_${learned++}`;
  const narrow = random.below(3) === 0;
  if (narrow) lines.push('width m = 2', `m = ${fresh('W')} h`);
  /** Of the cell's width. */
  const wide = (depth: number): string => {
    const leaf = random.below(7);
    if (depth === 0 || random.below(4) === 0) {
      if (leaf === 0) return `${fresh('W')} x`;
      if (leaf === 1) return `${fresh('U')} ${pick(random, [...states, ...values])}`;
      if (leaf === 2) return fresh(pick(random, ['b', 'p']));
      if (leaf === 3 && narrow) return `${fresh('V')} m`;
      return pick(random, [...states, ...values]);
    }
    const a = (): string => wide(depth - 1);
    return pick(random, [
      () => `(${a()} ${pick(random, ['+', '-', '*'])} ${a()})`,
      () => `${pick(random, ['sigmoid', 'tanh', 'softplus', 'relu', 'abs', 'softmax', 'layernorm'])}(${a()})`,
      () => `${pick(random, ['log', 'sqrt'])}(1.5 + softplus(${a()}))`,
      () => `${pick(random, ['min', 'max'])}(${a()}, ${a()})`,
      () => `exp(tanh(${a()}))`,
      () => `${a()} / (1.5 + abs(${a()}))`,
      () => `${fresh('U')} (${a()})`,
      () => `${fresh('k')} * ${a()}`,
      () => `-${fresh('p')} * tanh(${a()})`,
      () => `sigmoid(${fresh('k')} - 0.5) * ${a()}`,
    ])();
  };
  for (const name of ['f', 'g', 'n'].slice(0, random.below(4))) {
    lines.push(`${name} = ${wide(2)}`);
    values.push(name);
  }
  // Bounded, so that numbers stay near 1 over many steps.
  for (const name of states) lines.push(`${name}' = tanh(${fresh('W')} x + ${fresh('U')} ${name} + ${wide(3)})`);
  if (random.below(3) === 0)
    lines.push(`out = ${pick(random, [`${states[0]}' * sigmoid(${wide(1)})`, "h'", `${fresh('P')} h'`])}`);
  return lines.join('\n');
}
