import { parseCell } from '../../engine/cells/language/parse.ts';
import { type Expression, type NameRole, namesIn, partsOf, roleOf } from '../../engine/cells/language/tree.ts';

/** Where in a copy of the cell a parameter works: on what comes in, on what comes from the step before, or within. */
export type ParameterPlace = 'input' | 'state' | 'within';

export interface ParameterUse {
  readonly name: string;
  readonly role: Exclude<NameRole, 'value'>;
  readonly place: ParameterPlace;
}

/** What a cell's equations learn, in the order of the equations; none where the text is no cell. */
export function parameterUses(equations: string): readonly ParameterUse[] {
  const parsed = parseCell(equations);
  if (!parsed.ok) return [];
  const values = parsed.tree.flatMap(({ statement }) => (statement?.kind === 'value' ? [statement] : []));
  const states = new Set(values.filter(({ next }) => next).map(({ name }) => name));
  const found = new Map<string, ParameterUse>();
  for (const { expression } of values) {
    const products = productsIn(expression);
    for (const name of namesIn(expression)) {
      const role = roleOf(name);
      if (role === 'value') continue;
      const of = products.filter(({ matrix }) => matrix === name).flatMap(({ of }) => [...bare(of)]);
      const place = of.includes('x') ? 'input' : of.some((one) => states.has(one)) ? 'state' : 'within';
      if (!found.has(name)) found.set(name, { name, role, place });
    }
  }
  return [...found.values()];
}

type Product = Extract<Expression, { kind: 'product' }>;

const productsIn = (one: Expression): readonly Product[] => [
  ...(one.kind === 'product' ? [one] : []),
  ...partsOf(one).flatMap(productsIn),
];

/** Names without a prime: a state after the step has been made in this one. */
const bare = (one: Expression): readonly string[] =>
  one.kind === 'name' ? (one.next ? [] : [one.name]) : partsOf(one).flatMap(bare);
