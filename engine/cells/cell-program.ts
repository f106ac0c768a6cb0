import { type CheckedCell, checkCell } from './language/check.ts';
import { parseCell } from './language/parse.ts';
import type { CellProblem, CellTree } from './language/tree.ts';
import { lowerCell, type Step } from './step/lower.ts';
import { type Schedule, scheduleStep } from './step/schedule.ts';

/** A cell made from its equations. */
export interface CellProgram extends CheckedCell {
  readonly tree: CellTree;
  readonly step: Step;
  readonly schedule: Schedule;
}

export type CompiledCell =
  | { readonly ok: true; readonly program: CellProgram }
  | { readonly ok: false; readonly problems: readonly CellProblem[] };

const compiled = new Map<string, CompiledCell>();
const remembered = 100;

/**
 * A cell's equations, checked and differentiated; remembered, since every edit of a graph asks.
 *
 * @param hidden H
 */
export function compileCell(equations: string, hidden: number): CompiledCell {
  const key = `${hidden} ${equations}`;
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const result = compile(equations, hidden);
  const [oldest] = compiled.keys();
  if (compiled.size >= remembered && oldest !== undefined) compiled.delete(oldest);
  compiled.set(key, result);
  return result;
}

function compile(equations: string, hidden: number): CompiledCell {
  const parsed = parseCell(equations);
  if (!parsed.ok) return parsed;
  const checked = checkCell(parsed.tree, hidden);
  if (!checked.ok) return checked;
  return { ok: true, program: new LoweredCell(parsed.tree, checked.cell) };
}

/** Its step and gradient are made when they are first asked for: an edit of a graph asks for names and widths only. */
class LoweredCell implements CellProgram {
  readonly tree: CellTree;
  readonly values: CheckedCell['values'];
  readonly states: CheckedCell['states'];
  readonly parameters: CheckedCell['parameters'];
  readonly warnings: CheckedCell['warnings'];
  #step: Step | null = null;
  #schedule: Schedule | null = null;

  constructor(tree: CellTree, { values, states, parameters, warnings }: CheckedCell) {
    this.tree = tree;
    this.values = values;
    this.states = states;
    this.parameters = parameters;
    this.warnings = warnings;
  }

  get step(): Step {
    this.#step ??= lowerCell(this);
    return this.#step;
  }

  get schedule(): Schedule {
    this.#schedule ??= scheduleStep(this.step);
    return this.#schedule;
  }
}

/** The program of equations that were checked before. */
export function cellProgram(equations: string, hidden: number): CellProgram {
  const result = compileCell(equations, hidden);
  if (!result.ok) throw new Error(result.problems.map(({ line, message }) => `line ${line}: ${message}`).join('; '));
  return result.program;
}
