import { type CellProgram, cellProgram } from '../../cells/cell-program.ts';
import { parseCell } from '../../cells/language/parse.ts';
import { printCell } from '../../cells/language/print.ts';
import type { CellTree, Expression, Line } from '../../cells/language/tree.ts';
import { nodeWidths } from '../../cells/step/node-widths.ts';

/** A cell some of whose lines can be held: `f = p_keep * made + p_put`, where keep is 1 and put 0 for what is not held. */
export interface HeldCell {
  readonly program: CellProgram;
  /** By line, as the equations name it. */
  readonly held: ReadonlyMap<string, { readonly keep: string; readonly put: string; readonly width: number | 'input' }>;
}

/** The cell with a place for a held number in each of some lines. Values that read a held line read what it is held at. */
export function heldCell(equations: string, hidden: number, lines: readonly string[]): HeldCell {
  const parsed = parseCell(equations);
  if (!parsed.ok) throw new Error('a cell that runs does not parse');
  const widths = nodeWidths(cellProgram(equations, hidden));
  const { named } = cellProgram(equations, hidden).step;
  const held = new Map<string, { keep: string; put: string; width: number | 'input' }>();
  let tree: CellTree = parsed.tree;
  for (const [index, line] of lines.entries()) {
    const node = named.get(line);
    if (node === undefined) throw new Error(`the cell has no line ${line}`);
    const width = widths(node);
    const names = {
      keep: free(equations, `p_keep${index}`),
      put: free(equations, `p_put${index}`),
      made: free(equations, `made${index}`),
    };
    held.set(line, { ...names, width });
    tree = tree.flatMap((one) => around(one, line, names));
  }
  return { program: cellProgram(printCell(tree), hidden), held };
}

const read = (name: string): Expression => ({ kind: 'name', name, next: false, column: 1 });
const both = (operator: '+' | '*', left: Expression, right: Expression): Expression => ({
  kind: 'binary',
  operator,
  left,
  right,
  column: 1,
});

/** A line as two, if it is the one: what it makes, and what is left of that. */
function around(
  line: Line,
  held: string,
  { keep, put, made }: { readonly keep: string; readonly put: string; readonly made: string },
): readonly Line[] {
  const { statement } = line;
  const plain = held.replace(/'$/, '');
  if (statement?.kind === 'width' && statement.name === plain)
    return [line, { ...line, statement: { ...statement, name: made } }];
  if (statement?.kind !== 'value' || `${statement.name}${statement.next ? "'" : ''}` !== held) return [line];
  const kept = both('+', both('*', read(keep), read(made)), read(put));
  return [
    { ...line, comment: null, statement: { ...statement, name: made, next: false } },
    { ...line, statement: { ...statement, expression: kept } },
  ];
}

/** A name that the equations do not have. */
function free(equations: string, name: string): string {
  let found = name;
  while (equations.includes(found)) found += 'q';
  return found;
}
