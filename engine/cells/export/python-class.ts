import type { CellProgram } from '../cell-program.ts';
import type { CellParameter, CellState } from '../language/check.ts';
import { printCell } from '../language/print.ts';
import { namesIn } from '../language/tree.ts';
import { pythonExpression } from './python-expression.ts';
import { pythonName } from './python-names.ts';

/** A cell's class in PyTorch, which reads like the equations. */
export interface PythonCell {
  readonly className: `CustomCell_${string}`;
  readonly source: string;
}

/** The equations alone: what is computed is what names the class, and no comment of a user reaches the code. */
function equationsOf({ tree }: CellProgram): readonly string[] {
  const bare = tree.flatMap((line) => (line.statement === null ? [] : [{ ...line, comment: null }]));
  return printCell(bare).split('\n');
}

/** Six digits that tell one text from another (FNV-1a). */
function digits(text: string): string {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return (hash >>> 8).toString(16).padStart(6, '0');
}

export function pythonCell(program: CellProgram, hidden: number): PythonCell {
  const equations = equationsOf(program);
  const className = `CustomCell_${digits([hidden, ...equations].join('\n'))}` as const;
  const lines = [
    `class ${className}(nn.Module):`,
    '    """A cell by its equations. * is unit by unit, W_f x a matrix product, and h\' the state after the step.',
    '',
    ...equations.map((line) => `        ${line}`),
    '    """',
    '',
    '    def __init__(self, input_size: int, hidden_size: int) -> None:',
    '        super().__init__()',
    '        bound = hidden_size**-0.5',
    ...program.parameters.map((parameter) => `        self.${pythonName(parameter.name)} = ${start(parameter, hidden)}`),
    '',
    ...(equations.some((line) => line.includes('layernorm(')) ? layerNorm : []),
    ...forward(program, hidden),
  ];
  return { className, source: lines.join('\n') };
}

const layerNorm = [
  '    def layernorm(self, a: Tensor) -> Tensor:',
  '        return nn.functional.layer_norm(a, a.shape[-1:])',
  '',
];

/** A width in the class's own words. */
const sizeOf = (width: number | 'input', hidden: number): string =>
  width === 'input' ? 'input_size' : width === hidden ? 'hidden_size' : String(width);

function start({ shape, role, start: value }: CellParameter, hidden: number): string {
  const sizes = role === 'scalar' ? ['1'] : shape.map((width) => sizeOf(width, hidden));
  if (value === null) return `nn.Parameter(torch.empty(${sizes.join(', ')}).uniform_(-bound, bound))`;
  return `nn.Parameter(torch.full((${sizes.join(', ')}${sizes.length === 1 ? ',' : ''}), ${Number.isInteger(value) ? `${value}.0` : value}))`;
}

/** Python variables of values and states, apart from each other and from what the method uses. */
function locals(program: CellProgram): (name: string, next: boolean) => string {
  const names = new Set(['x', ...program.values.map(({ name }) => name), ...program.states.map(({ name }) => name)]);
  const free = (wanted: string): string => (names.has(wanted) ? free(`${wanted}_`) : wanted);
  return (name, next) => (name === 'x' ? 'x_t' : next ? free(`new_${name}`) : pythonName(name));
}

function forward(program: CellProgram, hidden: number): readonly string[] {
  const { values, states } = program;
  const local = locals(program);
  const names = states.map(({ name }) => local(name, false));
  const [output = ''] = names;
  const several = states.length > 1;
  const type = several ? `tuple[${states.map(() => 'Tensor').join(', ')}]` : 'Tensor';
  const isState = new Set(states.map(({ name }) => name));
  const read = new Set(values.flatMap(({ expression }) => [...namesIn(expression)]));
  // An output that is only another name of a state is a line of its own where a line reads it.
  const computed = values.filter(({ name, next }) => next || name !== 'out' || isState.has('out') || read.has('out'));
  const told = (state: CellState): string => `${state.name} [1, B, ${state.width === hidden ? 'H' : state.width}]`;
  return [
    `    def forward(self, x: Tensor, lengths: Tensor, hidden: ${type}) -> tuple[Tensor, ${type}]:`,
    `        """x [B, T, I], lengths [B], hidden: ${states.map(told).join(', ')} -> ${output} at each step [B, T, …], last state."""`,
    ...(several
      ? [`        ${names.join(', ')} = ${states.map((_, index) => `hidden[${index}][0]`).join(', ')}`]
      : [`        ${output} = hidden[0]`]),
    '        outputs = []',
    read.has('x')
      ? '        for x_t, real in zip(x.unbind(1), real_steps(x, lengths).unbind(1)):'
      : '        for real in real_steps(x, lengths).unbind(1):',
    ...computed.map(({ name, next, expression }) => {
      const own = local(name, next || (name === 'out' && isState.has('out')));
      return `            ${own} = ${pythonExpression(expression, (of, after) => local(of, after || (of === 'out' && isState.has('out'))))}`;
    }),
    ...names.map((name, index) => {
      const after = local(states[index]?.name ?? '', true);
      return `            ${name} = torch.where(real, ${after}, ${name})${index === 0 ? '  # padding leaves the state as it is' : ''}`;
    }),
    `            outputs.append(${output})`,
    `        return torch.stack(outputs, dim=1), ${several ? `(${names.map((name) => `${name}.unsqueeze(0)`).join(', ')})` : `${output}.unsqueeze(0)`}`,
  ];
}
