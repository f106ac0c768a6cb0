import { z } from 'zod';
import { defineCell } from '../cell.ts';
import { compileCell } from '../cell-program.ts';
import { cellWidth } from '../cell-width.ts';
import { cellLibrary, firstCell } from '../library.ts';
import { recurrentInitializer } from '../recurrent-initializer.ts';

/** A cell that is given by its equations, one a line (see `../language`). */
export const customCell = defineCell({
  kind: 'custom-cell',
  title: 'Custom cell',
  word: 'Custom',
  summary: 'A recurrent cell of your own: write its equations, and it trains and exports.',
  keywords: ['own', 'equations', 'new', 'MGU', 'minimal gated unit', 'gate', 'research', 'recurrent'],
  config: z.strictObject({
    hidden: cellWidth('Width of every value for which the equations state no other.'),
    equations: z.string().max(20_000).default(firstCell).meta({
      title: 'Equations',
      description:
        "One value a line. x is the input, h the state before the step and h' after it. W_f x multiplies by a matrix that is learned, b_f is a bias, p_f * c a number for each unit, * is unit by unit.",
      elsewhere: true,
    }),
    recurrentInitializer: recurrentInitializer(),
  }),
  equations: ({ equations }) => equations,
  // A comment that stands first is its title, as in the library; what follows in parentheses is its paper.
  named: ({ equations }) => /^\s*#[ \t]*([^\n(]{1,40}?)[ \t]*(?:\(|\r?\n|$)/.exec(equations)?.[1] || null,
  refuse: ({ hidden, equations }) => {
    const compiled = compileCell(equations, hidden);
    if (compiled.ok) return null;
    const [first, ...more] = compiled.problems;
    if (first === undefined) throw new Error('a cell was refused without a problem');
    const others = more.length === 0 ? '' : ` (${more.length} more ${more.length === 1 ? 'problem' : 'problems'} below it)`;
    return { message: `line ${first.line}, column ${first.column}: ${first.message}${others}`, fix: first.fix };
  },
  subtitle: ({ hidden, equations }) => {
    const compiled = compileCell(equations, hidden);
    if (!compiled.ok) return `${hidden} wide`;
    return `${hidden} wide · ${compiled.program.states.map(({ name }) => name).join(', ')}`;
  },
  forms: Object.fromEntries(cellLibrary.map(({ title, equations }) => [title, { equations }])),
});
