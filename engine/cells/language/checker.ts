import type { CellParameter } from './check.ts';
import { Names } from './names.ts';
import { printExpression } from './print.ts';
import { type CellRemedy, inPlaceOf, nearest } from './remedy.ts';
import {
  type CellProblem,
  type CellTree,
  type Expression,
  functionArity,
  isFunctionName,
  languageLimits,
  namesIn,
  roleOf,
  type Statement,
} from './tree.ts';
import { type KnownWidth, Width } from './widths.ts';

type Of<Kind extends Expression['kind']> = Extract<Expression, { kind: Kind }>;

/** A line that gives a value. */
export interface ValueFact {
  readonly name: string;
  readonly next: boolean;
  readonly expression: Expression;
  readonly line: number;
  readonly width: number;
  /** Names of values of this step that it is made from. */
  readonly reads: ReadonlySet<string>;
}

interface ParameterFact {
  readonly name: string;
  readonly role: CellParameter['role'];
  readonly shape: readonly Width[];
}

/** Walks a cell's lines once, in order, and collects what it declares, computes and learns. */
export class Checker {
  readonly problems: CellProblem[] = [];
  readonly #tree: CellTree;
  readonly #hidden: number;
  readonly #parameters = new Map<string, ParameterFact>();
  readonly #names: Names;
  readonly #widths = new Map<Expression, Width | null>();
  /** Values and next states of the lines so far. */
  readonly #given = new Set<string>();
  #line = 1;
  #reads = new Set<string>();

  constructor(tree: CellTree, hidden: number) {
    this.#tree = tree;
    this.#hidden = hidden;
    this.#names = new Names(tree, hidden, this.problems);
  }

  refuse(line: number, column: number, message: string, fix: string, remedy?: CellRemedy | null): void {
    this.problems.push({ severity: 'error', line, column, message, fix, ...(remedy ? { remedy } : {}) });
  }

  /** Every value, with its width; problems are collected on the way. */
  values(): readonly ValueFact[] {
    const facts = this.#tree.flatMap(({ statement, number }) =>
      statement?.kind === 'value' ? [this.#value(statement, number)] : [],
    );
    this.#checkStarts();
    if (this.#parameters.size > languageLimits.parameters)
      this.refuse(1, 1, `the cell has more than ${languageLimits.parameters} matrices and vectors`, 'Use fewer.');
    return facts;
  }

  /** What the values that are computed learn, in the order in which they name it. */
  parameters(values: readonly { readonly expression: Expression }[]): readonly CellParameter[] {
    const used = new Set(values.flatMap(({ expression }) => [...namesIn(expression)]));
    return [...this.#parameters.values()]
      .filter(({ name }) => used.has(name))
      .map(({ name, role, shape }) => ({
        name,
        role,
        shape: role === 'scalar' ? [1] : shape.map(({ known }): KnownWidth => known ?? this.#hidden),
        start: this.#names.starts.get(name) ?? null,
      }));
  }

  #checkStarts(): void {
    for (const { statement, number } of this.#tree) {
      if (statement?.kind !== 'start' || this.#parameters.has(statement.name)) continue;
      const { name, column } = statement;
      const fix = `Learned here: ${[...this.#parameters.keys()].join(', ')}.`;
      const near = nearest(name, this.#parameters.keys());
      const out: CellRemedy = { title: 'Take the line out', edit: { kind: 'remove', line: number } };
      const remedy = near === null ? out : inPlaceOf(number, column, name, near);
      this.refuse(number, column, `nothing that is learned is called ${name}`, fix, remedy);
    }
  }

  #value({ name, next, expression }: Extract<Statement, { kind: 'value' }>, line: number): ValueFact {
    this.#line = line;
    this.#reads = new Set();
    const width = this.#names.widthOf(name);
    const found = this.#width(expression);
    const label = next ? `${name}'` : name;
    if (found === null) {
      const fix = 'Multiply it with a value or a vector that is learned, p_….';
      this.refuse(line, expression.column, `${label} would be one number, not one for each unit`, fix);
    } else if (!found.joins(new Width(width))) {
      this.refuse(
        line,
        1,
        `${label} is ${this.#told(width)}, but what it is given is ${this.#told(found.known)}`,
        this.#widthFix(name, found),
        this.#statedWidth(name, found.known),
      );
    }
    this.#given.add(label);
    return { name, next, expression, line, width, reads: this.#reads };
  }

  #told(width: KnownWidth | null): string {
    if (width === 'input') return 'as wide as the input';
    return width === this.#hidden ? `${width} wide (the cell's width)` : `${width} wide`;
  }

  #widthFix(name: string, found: Width): string {
    if (found.known === 'input') return 'Multiply the input by a matrix, W_x x.';
    return this.#names.statesWidth(name)
      ? `State width ${name} = ${found.known}.`
      : `Add the line width ${name} = ${found.known}, or multiply by a matrix.`;
  }

  /** A line that says how wide a value is, where none does yet. */
  #statedWidth(name: string, width: KnownWidth | null): CellRemedy | null {
    if (typeof width !== 'number' || this.#names.statesWidth(name)) return null;
    const text = `width ${name} = ${width}`;
    return { title: `Add ${text}`, edit: { kind: 'append', text } };
  }

  /** Width of an expression that was looked at; `null` for one number, `undefined` where it is not known. */
  widthOf(expression: Expression): KnownWidth | null | undefined {
    const width = this.#widths.get(expression);
    return width instanceof Width ? (width.known ?? undefined) : width;
  }

  /** Width of an expression; `null` for one number. */
  #width(expression: Expression): Width | null {
    const width = this.#found(expression);
    this.#widths.set(expression, width);
    return width;
  }

  #found(expression: Expression): Width | null {
    switch (expression.kind) {
      case 'number':
        return null;
      case 'name':
        return this.#name(expression);
      case 'product':
        return this.#product(expression);
      case 'negative':
        return this.#width(expression.of);
      case 'binary':
        return this.#same(expression, expression.operator, [expression.left, expression.right]);
      case 'call':
        return this.#call(expression);
    }
  }

  /** Width of several things that are combined unit by unit; a single number goes with any width. */
  #same(at: Expression, what: string, parts: readonly Expression[]): Width | null {
    let [first, named]: [Width | null, Expression | null] = [null, null];
    for (const part of parts) {
      const width = this.#width(part);
      if (width === null) continue;
      if (first !== null && named !== null && !first.joins(width)) {
        const [a, b] = [printExpression(named), printExpression(part)];
        const message = `${a} is ${this.#told(first.known)}, ${b} is ${this.#told(width.known)}: ${what} needs the same width`;
        const fix = this.#mismatchFix([named, part], [first, width]);
        this.refuse(this.#line, at.column, message, fix, this.#timesMatrix([named, part], [first, width]));
      }
      if (first === null) [first, named] = [width, part];
    }
    return first;
  }

  #mismatchFix([left, right]: readonly [Expression, Expression], [a, b]: readonly [Width, Width]): string {
    if (a.known === 'input') return `Multiply ${printExpression(left)} by a matrix, W_${this.#free()} ${grouped(left)}.`;
    if (b.known === 'input') return `Multiply ${printExpression(right)} by a matrix, W_${this.#free()} ${grouped(right)}.`;
    if (right.kind === 'name' && roleOf(right.name) === 'value')
      return `State width ${right.name} = ${a.known}, or write W_${this.#free()} ${right.name}${right.next ? "'" : ''}.`;
    return `Multiply one of them by a matrix, for example W_${this.#free()} ${grouped(right)}.`;
  }

  /** The input, which is as wide as it is, times a matrix. */
  #timesMatrix(parts: readonly Expression[], widths: readonly Width[]): CellRemedy | null {
    const part = parts.find((_, index) => widths[index]?.known === 'input');
    if (part?.kind !== 'name' || part.next) return null;
    const product = `W_${this.#free()} ${part.name}`;
    return inPlaceOf(this.#line, part.column, part.name, product, `Write ${product}`);
  }

  /** An ending that no matrix has yet. */
  #free(): string {
    return [...'xyzabcdefg'].find((letter) => !this.#parameters.has(`W_${letter}`)) ?? 'new';
  }

  #call(expression: Of<'call'>): Width | null {
    const { function: name, arguments: parts, column } = expression;
    if (!isFunctionName(name)) {
      const known = this.#names.isValue(name) || name === 'x' || roleOf(name) !== 'value';
      const fix = known
        ? `Write ${name} * (…) for a product unit by unit.`
        : `Functions: ${Object.keys(functionArity).join(', ')}.`;
      const near = nearest(name, Object.keys(functionArity));
      const remedy = known
        ? inPlaceOf(this.#line, column, name, `${name} *`, `Write ${name} * (…)`)
        : near !== null
          ? inPlaceOf(this.#line, column, name, near)
          : null;
      this.refuse(this.#line, column, `no function is called ${name}`, fix, remedy);
    } else if (parts.length !== functionArity[name]) {
      const needed = functionArity[name];
      this.refuse(
        this.#line,
        column,
        `${name} takes ${needed} value${needed === 1 ? '' : 's'}, found ${parts.length}`,
        needed === 1 ? `Write ${name}(a).` : `Write ${name}(a, b).`,
      );
    }
    const width = this.#same(expression, name, parts);
    if (width === null && (name === 'softmax' || name === 'layernorm'))
      this.refuse(this.#line, column, `${name} is over all units, and this is one number`, 'Give it a value that has units.');
    return width;
  }

  #product({ matrix, of, column }: Of<'product'>): Width {
    const width = this.#width(of);
    const [rows, columns] = this.#parameter(matrix, [new Width(), new Width()]) as [Width, Width];
    if (width === null) {
      const fix = `Write ${printExpression(of)} * (${matrix} …), with a value right of the matrix.`;
      this.refuse(this.#line, column, `${matrix} would multiply ${printExpression(of)}, which is one number`, fix);
    } else if (!columns.joins(width)) {
      const message = `${matrix} multiplied what is ${this.#told(columns.known)} before, ${printExpression(of)} is ${this.#told(width.known)}`;
      this.refuse(this.#line, column, message, `Use a matrix of its own, ${matrix.split('_')[0]}_${this.#free()}.`);
    }
    return rows;
  }

  #parameter(name: string, shape: readonly Width[]): readonly Width[] {
    const known = this.#parameters.get(name);
    if (known !== undefined) return known.shape;
    const role = roleOf(name);
    if (role === 'value') throw new Error(`${name} is not learned`);
    this.#parameters.set(name, { name, role, shape });
    return shape;
  }

  #name({ name, next, column }: Of<'name'>): Width | null {
    const role = roleOf(name);
    const label = next ? `${name}'` : name;
    if (next && (role !== 'value' || name === 'x')) {
      const remedy = inPlaceOf(this.#line, column, label, name);
      this.refuse(this.#line, column, `${label} is no state`, `Write ${name} without a prime.`, remedy);
      return new Width();
    }
    if (role === 'matrix') {
      this.refuse(this.#line, column, `the matrix ${name} multiplies nothing`, `Write ${name} x, or ${name} h.`);
      return new Width();
    }
    if (role !== 'value') {
      const [width] = this.#parameter(name, [new Width()]);
      return role === 'scalar' ? null : (width ?? null);
    }
    if (name === 'x') return new Width('input');
    if (next || !this.#names.states.has(name)) return this.#computed(label, name, column);
    return new Width(this.#names.widthOf(name));
  }

  /** A value of this step, which a line before must have given. */
  #computed(label: string, name: string, column: number): Width {
    if (this.#given.has(label)) this.#reads.add(name);
    else this.#unknown(label, name, column);
    return new Width(this.#names.widthOf(name));
  }

  #unknown(label: string, name: string, column: number): void {
    const line = this.#names.lineOf(label);
    if (line === this.#line) {
      this.refuse(
        line,
        column,
        `${label} is made from itself`,
        `Its value of the step before is ${name}, where some line gives ${name}'.`,
        label === name ? null : inPlaceOf(line, column, label, name),
      );
    } else if (line !== undefined) {
      const fix = 'Move that line above this one.';
      const edit = { kind: 'move', line, before: this.#line } as const;
      this.refuse(this.#line, column, `${label} is given its value only on line ${line}`, fix, { title: 'Move the line', edit });
    } else {
      const near = this.#near(label, name);
      const fix = `Values here: ${this.#valueNames().join(', ')}.${near === null ? '' : ` Use ${near}.`}`;
      const remedy = near === null ? null : inPlaceOf(this.#line, column, label, near);
      this.refuse(this.#line, column, `no value is called ${label}`, fix, remedy);
    }
  }

  /** What was probably meant by a name that nothing has. */
  #near(label: string, name: string): string | null {
    const other = label === name ? `${name}'` : name;
    if (this.#given.has(other) || this.#names.states.has(other)) return other;
    // All names of one letter are near.
    const near = name.length > 1 ? nearest(label, this.#valueNames()) : null;
    if (near !== null) return near;
    if (label === name && [...this.#parameters.keys()].some((learned) => learned.endsWith(`_${name}`))) return `b_${name}`;
    // A state's next value that does not exist: the one that does.
    const next = label === name ? [] : [...this.#given].filter((one) => one.endsWith("'"));
    return next.length === 1 ? (next[0] ?? null) : null;
  }

  #valueNames(): readonly string[] {
    return ['x', ...this.#names.states, ...this.#given];
  }
}

const grouped = (expression: Expression): string => {
  const text = printExpression(expression);
  return expression.kind === 'binary' || expression.kind === 'negative' ? `(${text})` : text;
};
