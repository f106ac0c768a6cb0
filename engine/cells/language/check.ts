import { Checker, type ValueFact } from './checker.ts';
import type { CellProblem, CellTree, Expression, NameRole } from './tree.ts';
import type { KnownWidth } from './widths.ts';

/** A learned tensor: `[rows, columns]` of a matrix, `[width]` of a bias or vector, `[1]` of a scalar. */
export interface CellParameter {
  readonly name: string;
  readonly role: Exclude<NameRole, 'value'>;
  readonly shape: readonly KnownWidth[];
  /** The number that it starts at; `null` is PyTorch's rule for recurrent layers, uniform within 1/√H. */
  readonly start: number | null;
}

/** A line that gives a value, with the name's width; null is one number for all units. */
export interface CellValue {
  readonly name: string;
  readonly next: boolean;
  readonly expression: Expression;
}

/** A part of the state. The first is what the cell gives at each step. */
export interface CellState {
  readonly name: string;
  readonly width: number;
}

/** A text that is a cell: what it computes, in order, and what it learns. */
export interface CheckedCell {
  readonly values: readonly CellValue[];
  readonly states: readonly CellState[];
  readonly parameters: readonly CellParameter[];
  readonly warnings: readonly CellProblem[];
}

export type CheckResult =
  | { readonly ok: true; readonly cell: CheckedCell }
  | { readonly ok: false; readonly problems: readonly CellProblem[] };

/**
 * Names and widths of a cell.
 *
 * @param hidden H, the width of every value for which the text states no other
 */
export function checkCell(tree: CellTree, hidden: number): CheckResult {
  const { cell, problems } = cellFacts(tree, hidden);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, cell };
}

/** What is known of a cell, be there problems or not. */
export interface CellFacts {
  readonly problems: readonly CellProblem[];
  readonly cell: CheckedCell;
  /** Width of an expression of the tree, the same object; `null` for one number, `undefined` where it is not known. */
  widthOf(expression: Expression): KnownWidth | null | undefined;
}

/**
 * The same for a cell that may have problems, as an editor shows it.
 *
 * @param hidden H
 */
export function cellFacts(tree: CellTree, hidden: number): CellFacts {
  const checker = new Checker(tree, hidden);
  const facts = checker.values();
  const states = outputFirst(facts, checker);
  const reached = reachedValues(facts);
  const warnings = facts
    .filter((fact) => !reached.has(fact))
    .map(
      (fact): CellProblem => ({
        severity: 'warning',
        line: fact.line,
        column: 1,
        message: `${fact.name} reaches neither a state nor the output`,
        fix: 'Use it, or take its line out; it is not computed.',
        remedy: { title: 'Take the line out', edit: { kind: 'remove', line: fact.line } },
      }),
    );
  const values = facts.filter((fact) => reached.has(fact));
  return {
    problems: checker.problems,
    cell: { values, states, parameters: checker.parameters(values), warnings },
    widthOf: (expression) => checker.widthOf(expression),
  };
}

/** States in the order of their lines, the output before all: an output that is no state is kept like one that is never read. */
function outputFirst(facts: readonly ValueFact[], checker: Checker): readonly CellState[] {
  const states = facts.filter(({ next }) => next).map(({ name, width }) => ({ name, width }));
  const out = facts.find(({ name, next }) => name === 'out' && !next);
  if (states.length === 0) {
    checker.refuse(1, 1, 'the cell has no state', "Write a line that gives a state's next value, h' = ….");
    return [];
  }
  const alias = out?.expression.kind === 'name' && out.expression.next ? out.expression.name : null;
  const first = alias ?? (out === undefined ? 'h' : 'out');
  if (first === 'out' && out !== undefined) return [{ name: 'out', width: out.width }, ...states];
  const output = states.find(({ name }) => name === first);
  if (output !== undefined) return [output, ...states.filter((state) => state !== output)];
  if (out === undefined) {
    const names = states.map(({ name }) => `${name}'`).join(', ');
    checker.refuse(
      1,
      1,
      `the cell has no output: its states are ${names}`,
      `Call one h, or write out = ${states[0]?.name ?? 'c'}'.`,
      {
        title: `Add out = ${states[0]?.name ?? 'c'}'`,
        edit: { kind: 'append', text: `out = ${states[0]?.name ?? 'c'}'` },
      },
    );
  }
  return states;
}

/** The values from which a state or the output is made. */
function reachedValues(facts: readonly ValueFact[]): ReadonlySet<ValueFact> {
  const reached = new Set<ValueFact>();
  for (const fact of [...facts].reverse()) {
    const wanted = fact.next || fact.name === 'out' || [...reached].some(({ reads }) => reads.has(fact.name));
    if (wanted) reached.add(fact);
  }
  return reached;
}
