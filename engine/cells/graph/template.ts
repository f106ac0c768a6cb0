import { printExpression } from '../language/print.ts';
import type { Expression } from '../language/tree.ts';
import type { Template } from './cell-graph.ts';

/** The parts of which an expression is made, in order. */
export function partsOf(template: Template): readonly Template[] {
  switch (template.kind) {
    case 'slot':
    case 'number':
    case 'name':
      return [];
    case 'product':
    case 'negative':
      return [template.of];
    case 'binary':
      return [template.left, template.right];
    case 'call':
      return template.arguments;
  }
}

/** The template with each of its parts changed. */
export function mapParts(template: Template, change: (part: Template) => Template): Template {
  switch (template.kind) {
    case 'slot':
    case 'number':
    case 'name':
      return template;
    case 'product':
    case 'negative':
      return { ...template, of: change(template.of) };
    case 'binary':
      return { ...template, left: change(template.left), right: change(template.right) };
    case 'call':
      return { ...template, arguments: template.arguments.map(change) };
  }
}

/** Its slots, in the order in which they are read. */
export const slotsOf = (template: Template): readonly number[] =>
  template.kind === 'slot' ? [template.slot] : partsOf(template).flatMap(slotsOf);

/** Names in it that no wire brings: what is learned, and what nothing gives a value to. */
export const namesOf = (template: Template): readonly string[] => [
  ...(template.kind === 'name' ? [template.name] : []),
  ...(template.kind === 'product' ? [template.matrix] : []),
  ...partsOf(template).flatMap(namesOf),
];

/** The expression, with what its slots stand for. Where it was written is not known. */
export function filled(template: Template, fill: (slot: number) => Expression): Expression {
  const column = 0;
  switch (template.kind) {
    case 'slot':
      return fill(template.slot);
    case 'number':
    case 'name':
      return template;
    case 'product':
      return { kind: 'product', matrix: template.matrix, of: filled(template.of, fill), column };
    case 'negative':
      return { kind: 'negative', of: filled(template.of, fill), column };
    case 'binary': {
      const { operator, left, right } = template;
      return { kind: 'binary', operator, left: filled(left, fill), right: filled(right, fill), column };
    }
    case 'call':
      return {
        kind: 'call',
        function: template.function,
        arguments: template.arguments.map((one) => filled(one, fill)),
        column,
      };
  }
}

/** In words of the language, with what its slots are called. */
export const printTemplate = (template: Template, called: (slot: number) => string): string =>
  printExpression(filled(template, (slot) => ({ kind: 'name', name: called(slot), next: false, column: 0 })));

/**
 * Without one of its slots: a sum loses a term, a product a factor, a difference its other side's sign, a function goes with its argument.
 *
 * @returns `null` where nothing is left
 */
export function without(template: Template, slot: number): Template | null {
  if (template.kind === 'slot') return template.slot === slot ? null : template;
  if (template.kind === 'number' || template.kind === 'name') return template;
  if (!slotsOf(template).includes(slot)) return template;
  if (template.kind === 'product' || template.kind === 'negative') {
    const of = without(template.of, slot);
    return of === null ? null : { ...template, of };
  }
  if (template.kind === 'call') {
    const left = template.arguments.flatMap((part) => without(part, slot) ?? []);
    if (left.length === template.arguments.length) return { ...template, arguments: left };
    // Of two values, the smaller or larger one is the one that is left.
    return left[0] ?? null;
  }
  const [left, right] = [without(template.left, slot), without(template.right, slot)];
  if (left !== null && right !== null) return plain({ ...template, left, right });
  if (left !== null) return left;
  if (right === null) return null;
  if (template.operator === '-') return { kind: 'negative', of: right };
  return template.operator === '/' ? { ...template, left: { kind: 'number', value: 1, column: 0 }, right } : right;
}

/** With something in the place of a slot. */
export function replaced(template: Template, slot: number, part: Template): Template {
  if (template.kind === 'slot') return template.slot === slot ? part : template;
  const changed = mapParts(template, (one) => replaced(one, slot, part));
  return changed.kind === 'binary' ? plain(changed) : changed;
}

/** A product with one is what it is multiplied with: what is left of `(1 - f) * g` without `f`. */
function plain(template: Extract<Template, { kind: 'binary' }>): Template {
  if (template.operator !== '*') return template;
  const isOne = (part: Template): boolean => part.kind === 'number' && part.value === 1;
  if (isOne(template.left)) return template.right;
  return isOne(template.right) ? template.left : template;
}
