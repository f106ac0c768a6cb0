import { type ActionDict, type FailedMatchResult, type Grammar, makeRecipe, type Node, type Semantics } from 'ohm-js';
import recipe from './grammar-recipe.json' with { type: 'json' };
import { printExpression } from './print.ts';
import { inPlaceOf } from './remedy.ts';
import {
  type BinaryOperator,
  type CellProblem,
  type CellTree,
  type Expression,
  isFunctionName,
  type Line,
  languageLimits,
  roleOf,
  type Statement,
} from './tree.ts';

export type ParsedCell =
  | { readonly ok: true; readonly tree: CellTree }
  | { readonly ok: false; readonly problems: readonly CellProblem[] };

/** The lines of a text as they were written. */
export const rowsOf = (text: string): readonly string[] => text.split(/\r\n|\r|\n/);

/** A cell's text as a tree. Any text gives a tree or problems, never an exception. */
export function parseCell(text: string): ParsedCell {
  const rows = rowsOf(text);
  if (rows.length > languageLimits.lines) {
    const fix = 'Take lines out: a cell is a handful of equations.';
    return { ok: false, problems: [problem(languageLimits.lines + 1, 1, `more than ${languageLimits.lines} lines`, fix)] };
  }
  const parsed = rows.map((row, index) => parseLine(row, index + 1));
  const problems = parsed.flatMap((line) => ('message' in line ? [line] : []));
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, tree: parsed.flatMap((line) => ('message' in line ? [] : [line])) };
}

const problem = (line: number, column: number, message: string, fix: string): CellProblem => ({
  severity: 'error',
  line,
  column,
  message,
  fix,
});

/** Thrown inside one line's parse, and caught there. */
class Misread extends Error {
  readonly column: number;
  readonly fix: string;
  /** The name or number that stands there and was probably meant as a factor. */
  readonly factor: string | null;

  constructor(column: number, message: string, fix: string, factor: string | null = null) {
    super(message);
    this.column = column;
    this.fix = fix;
    this.factor = factor;
  }
}

/**
 * One line of a text by itself.
 *
 * @param number from 1
 */
export function parseLine(row: string, number: number): Line | CellProblem {
  const shape = tooLongOrDeep(row);
  if (shape !== null) return problem(number, shape.column, shape.message, shape.fix);
  const { lineGrammar, semantics } = language();
  const match = lineGrammar.match(row, 'Line');
  if (match.failed()) return unexpected(row, number, match as FailedMatchResult);
  try {
    const { statement, comment } = semantics(match)['read']() as Omit<Line, 'number'>;
    return { number, statement, comment };
  } catch (error) {
    if (error instanceof Misread) {
      const { column, message, fix, factor } = error;
      const remedy = factor === null ? {} : { remedy: inPlaceOf(number, column, factor, `${factor} *`, `Write ${factor} * …`) };
      return { ...problem(number, column, message, fix), ...remedy };
    }
    throw error;
  }
}

function tooLongOrDeep(row: string): Misread | null {
  if (row.length > languageLimits.columns)
    return new Misread(
      languageLimits.columns + 1,
      `the line is longer than ${languageLimits.columns} characters`,
      'Give a part of it a name on a line of its own.',
    );
  const written = row.split('#', 1)[0] ?? '';
  let depth = 0;
  for (const [index, character] of [...written].entries()) {
    if (character === '(') depth++;
    if (character === ')') depth--;
    if (depth > languageLimits.depth)
      return new Misread(
        index + 1,
        `parentheses are nested more than ${languageLimits.depth} deep`,
        'Give a part of it a name on a line of its own.',
      );
  }
  return null;
}

/** A line that is no statement: what was found where, and what could have stood there. */
function unexpected(row: string, number: number, match: FailedMatchResult): CellProblem {
  const position = match.getRightmostFailurePosition();
  const rest = row.slice(position);
  const found = /^[A-Za-z_0-9.]+|^./u.exec(rest.trimStart())?.[0];
  const expected =
    match.shortMessage.replace(/^Line \d+, col \d+: expected /, '').replace(/(, )?(or )?end of input/g, '') || 'a name';
  const column = position + 1 + (rest.length - rest.trimStart().length);
  if (found === undefined) {
    const fix = row.includes('=') ? 'Finish the line, or take it out.' : wayOut(row, '');
    return problem(number, row.length + 1, `the line ends where ${expected} was expected`, fix);
  }
  if (!/[A-Za-z0-9\s_.,'()+\-*/=#]/.test(found)) {
    const fix =
      found === '’' || found === '`'
        ? "A state's next value has a straight prime: h'."
        : 'Use letters, digits, _ and + - * / ( ) only.';
    const straight = found === '’' || found === '`' ? { remedy: inPlaceOf(number, column, found, "'", "Write '") } : {};
    return { ...problem(number, column, `${found} has no meaning here`, fix), ...straight };
  }
  return problem(number, column, `found ${found} where ${expected} was expected`, wayOut(row, found));
}

function wayOut(row: string, found: string): string {
  if (!row.includes('=')) return 'Write name = expression, for example f = sigmoid(W_f x + U_f h + b_f).';
  const count = (sign: string): number => row.split(sign).length - 1;
  if (count('(') !== count(')'))
    return `There are ${count('(')} opening and ${count(')')} closing parentheses: make them as many.`;
  if (found === '=') return 'Each line gives one value: one = a line.';
  return 'Values are joined by + - * /, arguments by commas.';
}

const columnOf = (node: Node): number => node.source.startIdx + 1;

const reading: ActionDict<unknown> = {
  Line(statement, comment, _end): Omit<Line, 'number'> {
    const first = <T>(node: Node): T | null => (node.numChildren === 0 ? null : (node.child(0)['read']() as T));
    return { statement: first<Statement>(statement), comment: first<string>(comment) };
  },
  Comment(_sign, _rest): string {
    return this.sourceString.slice(1).trimEnd();
  },
  Statement_width(_word, name, _is, value): Statement {
    return { kind: 'width', name: nameOf(name), value: numberOf(value), column: columnOf(name) };
  },
  Statement_start(_word, name, _is, value): Statement {
    return { kind: 'start', name: nameOf(name), value: numberOf(value), column: columnOf(name) };
  },
  Statement_next(name, _prime, _is, sum): Statement {
    return { kind: 'value', name: nameOf(name), next: true, expression: expressionOf(sum) };
  },
  Statement_value(name, _is, sum): Statement {
    return { kind: 'value', name: nameOf(name), next: false, expression: expressionOf(sum) };
  },
  Sum: joined,
  Term: joined,
  Factor_negative(sign, of): Expression {
    return { kind: 'negative', of: expressionOf(of), column: columnOf(sign) };
  },
  Beside(atoms): Expression {
    return beside(atoms.children.map(expressionOf));
  },
  Atom_call(name, _open, list, _close): Expression {
    const found = list.asIteration().children.map(expressionOf);
    return { kind: 'call', function: nameOf(name), arguments: found, column: columnOf(name) };
  },
  Atom_group(_open, sum, _close): Expression {
    return expressionOf(sum);
  },
  Atom_next(name, _prime): Expression {
    return { kind: 'name', name: nameOf(name), next: true, column: columnOf(name) };
  },
  name(_first, _rest): Expression {
    return { kind: 'name', name: nameOf(this), next: false, column: columnOf(this) };
  },
  number(_digits): Expression {
    return { kind: 'number', value: numberOf(this), column: columnOf(this) };
  },
};

function build(): { readonly lineGrammar: Grammar; readonly semantics: Semantics } {
  const lineGrammar = makeRecipe(recipe);
  const semantics = lineGrammar.createSemantics();
  semantics.addOperation<unknown>('read()', reading);
  return { lineGrammar, semantics };
}

let built: ReturnType<typeof build> | undefined;

/** Built for the first line that is read. */
function language(): ReturnType<typeof build> {
  built ??= build();
  return built;
}

const expressionOf = (node: Node): Expression => node['read']() as Expression;

/** What operators of one precedence join, from the left. */
function joined(first: Node, operators: Node, more: Node): Expression {
  return more.children.reduce<Expression>((left, right, index) => {
    const operator = operators.child(index);
    const sign = operator.sourceString as BinaryOperator;
    return { kind: 'binary', operator: sign, left, right: expressionOf(right), column: columnOf(operator) };
  }, expressionOf(first));
}

function nameOf(node: Node): string {
  const name = node.sourceString;
  if (name.length > languageLimits.name)
    throw new Misread(columnOf(node), `the name is longer than ${languageLimits.name} characters`, 'Use a shorter one.');
  return name;
}

function numberOf(node: Node): number {
  const value = Number(node.sourceString.replace(/\s/g, ''));
  if (!Number.isFinite(value))
    throw new Misread(columnOf(node), `${node.sourceString} is too large a number`, 'Use a smaller one.');
  return value;
}

/** Expressions side by side: matrices, each times what stands right of it. */
function beside(atoms: readonly Expression[]): Expression {
  const [first, ...rest] = atoms;
  if (first === undefined) throw new Error('a product of nothing');
  const [second] = rest;
  if (second === undefined) return first;
  if (first.kind === 'name' && !first.next && roleOf(first.name) === 'matrix')
    return { kind: 'product', matrix: first.name, of: beside(rest), column: first.column };
  throw notAMatrix(first, second);
}

function notAMatrix(first: Expression, second: Expression): Misread {
  const told = printExpression(first);
  if (second.kind === 'name' && roleOf(second.name) === 'matrix')
    return new Misread(
      second.column,
      `the matrix ${second.name} must stand before what it multiplies`,
      `Write ${second.name} ${told}.`,
    );
  const hint =
    first.kind === 'name' && isFunctionName(first.name)
      ? `Write ${first.name}(…).`
      : `Write ${told} * ${printExpression(second)} for a product unit by unit.`;
  const factor = first.kind === 'name' && !isFunctionName(first.name) ? told : null;
  return new Misread(
    first.column,
    `${told} is no matrix: side by side is a matrix product, and a matrix begins with a capital letter`,
    hint,
    factor,
  );
}
