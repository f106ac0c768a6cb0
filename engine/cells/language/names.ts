import { type CellProblem, type CellTree, functionArity, roleOf, type Statement } from './tree.ts';

const reserved: ReadonlySet<string> = new Set(['x', ...Object.keys(functionArity)]);

/** What a cell's lines give values to, and what they state of widths and starts; what is wrong with that goes to `problems`. */
export class Names {
  readonly states = new Set<string>();
  readonly starts = new Map<string, number>();
  readonly #widths = new Map<string, number>();
  /** Line on which each value is given, by `f` or `h'`. */
  readonly #lines = new Map<string, number>();
  readonly #hidden: number;
  readonly #refuse: (line: number, column: number, message: string, fix: string) => void;

  constructor(tree: CellTree, hidden: number, problems: CellProblem[]) {
    this.#hidden = hidden;
    this.#refuse = (line, column, message, fix) => problems.push({ severity: 'error', line, column, message, fix });
    for (const { statement, number } of tree) if (statement?.kind === 'value') this.#announce(statement, number);
    for (const { statement, number } of tree) if (statement?.kind === 'width') this.#declare(statement, this.#widths, number);
    for (const { statement, number } of tree) if (statement?.kind === 'start') this.#declare(statement, this.starts, number);
  }

  lineOf = (label: string): number | undefined => this.#lines.get(label);
  isValue = (name: string): boolean => this.states.has(name) || this.#lines.has(name);
  widthOf = (name: string): number => this.#widths.get(name) ?? this.#hidden;
  statesWidth = (name: string): boolean => this.#widths.has(name);

  #announce({ name, next }: Extract<Statement, { kind: 'value' }>, line: number): void {
    const label = next ? `${name}'` : name;
    if (reserved.has(name) || (next && name === 'out')) {
      const fix = name === 'x' ? "x is the step's input: choose another name." : 'Choose another name.';
      this.#refuse(line, 1, `${label} cannot be given a value`, fix);
    } else if (roleOf(name) !== 'value') {
      const told = { matrix: 'a matrix', bias: 'a bias', vector: 'a vector', scalar: 'a number', value: '' }[roleOf(name)];
      const fix = `Call it ${name.toLowerCase().replace(/^[bpk]_/, '')}.`;
      this.#refuse(line, 1, `${label} is ${told} that is learned, and cannot be given a value`, fix);
    } else if (this.#lines.has(label)) {
      this.#refuse(line, 1, `${label} has a value already, on line ${this.#lines.get(label)}`, 'Choose another name.');
    } else if (this.#lines.has(next ? name : `${name}'`)) {
      const fix = 'Give one of the two another name: a name with a prime on some line is a state on all.';
      this.#refuse(line, 1, `${name} is a value and a state at once`, fix);
    } else if (next) this.states.add(name);
    this.#lines.set(label, line);
  }

  #declare({ kind, name, value, column }: Exclude<Statement, { kind: 'value' }>, found: Map<string, number>, line: number): void {
    if (found.has(name)) this.#refuse(line, column, `the ${kind} of ${name} is stated twice`, 'Take one of the two lines out.');
    else if (kind === 'width' && !this.isValue(name))
      this.#refuse(line, column, `no value is called ${name}`, `Values here: ${[...this.#lines.keys()].join(', ')}.`);
    else if (kind === 'width' && (!Number.isInteger(value) || value < 1 || value > 8192))
      this.#refuse(line, column, `${name} cannot be ${value} wide`, 'A width is a whole number from 1 to 8192.');
    found.set(name, value);
  }
}
