import { cellProgram } from '../../cells/cell-program.ts';
import { gradientBounds, plainRecurrence, recurrentMatrices } from '../../cells/recurrent-matrices.ts';
import type { Block, StepGiven } from '../../cells/step/evaluate.ts';
import type { MethodResult } from '../../protocol/contract.ts';
import { arrowPlane } from './arrow-plane.ts';
import { type FixedPointsAnswer, type FixedPointsQuestion, findFixedPoints } from './find-fixed-points.ts';
import { gradientFlow } from './gradient-flow.ts';
import { type StateStep, stateSize, stateStep, stepJacobian } from './jacobian.ts';
import { type ProjectionAnswer, type ProjectionQuestion, projectStates } from './project-states.ts';
import { largestSingularValue } from './singular-value.ts';
import { eigenvalues, type Spectrum, spectrum } from './spectrum.ts';
import { type UnitScoresQuestion, unitScores } from './unit-scores.ts';

/** A cell with its weights. */
export interface AskedCell {
  readonly equations: string;
  readonly hidden: number;
  /** By their names in the equations. */
  readonly parameters: ReadonlyMap<string, Block>;
}
/** Of one row; `null` for a padded step. */
export type AskedStep = Omit<StepGiven, 'parameters'> | null;

/** What is computed in a thread of its own; made of what can be sent there. */
export type AnalysisQuestion =
  | { readonly kind: 'spectrum'; readonly cell: AskedCell }
  | { readonly kind: 'jacobian'; readonly cell: AskedCell; readonly step: AskedStep }
  /** One matrix, as it was at several steps of the training. */
  | { readonly kind: 'trail'; readonly moments: readonly { readonly step: number; readonly matrix: Block }[] }
  /** A matrix whose dominant direction or plane is known. */
  | { readonly kind: 'arrow'; readonly matrix: Block; readonly dominant: ToldSpectrum['dominant']; readonly products: number }
  /** Steps in the order in which the cell ran. */
  | { readonly kind: 'flow'; readonly cell: AskedCell; readonly steps: readonly AskedStep[] }
  | UnitScoresQuestion
  | ProjectionQuestion
  | FixedPointsQuestion;

type ToldSpectrum = NonNullable<MethodResult<'inspect.spectrum'>['jacobian']>;

interface Answers {
  readonly spectrum: Omit<MethodResult<'inspect.spectrum'>, 'jacobian'>;
  readonly jacobian: Pick<MethodResult<'inspect.spectrum'>, 'jacobian'>;
  readonly trail: MethodResult<'inspect.trail'>;
  readonly arrow: MethodResult<'inspect.arrow'>;
  readonly flow: MethodResult<'inspect.flow'>;
  readonly unitScores: MethodResult<'inspect.unitScores'>;
  readonly projection: ProjectionAnswer;
  readonly fixedPoints: FixedPointsAnswer;
}
export type Answer<Q extends AnalysisQuestion> = Answers[Q['kind']];

/** Lyapunov exponents of a wide state: the leading ones say whether gradients grow. */
const mostExponents = 32;

/** How much of a question is done, of how much, in whatever it counts. */
export type OnAnalysed = (done: number, of: number) => void;

export function answerOf(question: AnalysisQuestion, onProgress: OnAnalysed = () => undefined): Answer<AnalysisQuestion> {
  switch (question.kind) {
    case 'spectrum':
      return spectra(question);
    case 'jacobian':
      return jacobianOf(question);
    case 'trail':
      return trail(question);
    case 'arrow':
      return arrow(question);
    case 'flow':
      return flow(question, onProgress);
    case 'unitScores':
      return unitScores(question);
    case 'projection':
      return projectStates(question, onProgress);
    case 'fixedPoints':
      return findFixedPoints(question, onProgress);
  }
}

function spectra({ cell }: Extract<AnalysisQuestion, { kind: 'spectrum' }>): Answers['spectrum'] {
  const program = cellProgram(cell.equations, cell.hidden);
  const matrices = recurrentMatrices(program).map((name): MethodResult<'inspect.spectrum'>['matrices'][number] => {
    const matrix = cell.parameters.get(name);
    if (matrix === undefined) throw new Error(`the cell has no ${name}`);
    const found = matrix.rows === matrix.width ? spectrum(matrix) : null;
    const singular = found?.singular ?? largestSingularValue(matrix);
    return { name, shape: [matrix.rows, matrix.width], singular, spectrum: found && told(found) };
  });
  const plain = plainRecurrence(program);
  const singular = matrices.find(({ name }) => name === plain?.matrix)?.singular;
  return {
    matrices,
    bounds:
      plain === null || singular === undefined || Number.isNaN(singular)
        ? null
        : { matrix: plain.matrix, activation: plain.activation, ...gradientBounds(singular, plain.gamma) },
  };
}

function jacobianOf({ cell, step }: Extract<AnalysisQuestion, { kind: 'jacobian' }>): Answers['jacobian'] {
  const found = spectrum(stepJacobian(cellProgram(cell.equations, cell.hidden), asStep(cell, step)));
  return { jacobian: found && told(found) };
}

const trail = ({ moments }: Extract<AnalysisQuestion, { kind: 'trail' }>): MethodResult<'inspect.trail'> => ({
  moments: moments.flatMap(({ step, matrix }) => {
    const found = eigenvalues(matrix);
    return found === null ? [] : [{ step, eigenvalues: found.map(([re, im]): [number, number] => [re, im]) }];
  }),
});

function arrow({ matrix, dominant, products }: Extract<AnalysisQuestion, { kind: 'arrow' }>): MethodResult<'inspect.arrow'> {
  const directions = dominant.directions.map((direction) => Float64Array.from(direction));
  const plane = arrowPlane(matrix, { ...dominant, directions }, products);
  return {
    turns: directions.length > 1,
    directions: plane.directions,
    products: plane.products.map(({ across, up, gram, scale }) => ({ across: [...across], up: [...up], gram: [...gram], scale })),
  };
}

function flow(
  { cell, steps }: Extract<AnalysisQuestion, { kind: 'flow' }>,
  onProgress: OnAnalysed,
): MethodResult<'inspect.flow'> {
  const program = cellProgram(cell.equations, cell.hidden);
  const size = stateSize(program);
  const { exponents, norms } = gradientFlow(
    program,
    steps.map((step) => asStep(cell, step)),
    Math.min(size, mostExponents),
    (done) => onProgress(done, steps.length),
  );
  return { exponents: [...exponents], norms: [...norms], size };
}

const asStep = ({ equations, hidden, parameters }: AskedCell, step: AskedStep): StateStep =>
  step === null ? null : stateStep(cellProgram(equations, hidden), { ...step, parameters });

const told = ({ eigenvalues, dominant, ...rest }: Spectrum): ToldSpectrum => ({
  ...rest,
  eigenvalues: eigenvalues.map(([re, im]) => [re, im]),
  dominant: {
    eigenvalue: [dominant.eigenvalue[0], dominant.eigenvalue[1]],
    directions: dominant.directions.map((direction) => [...direction]),
  },
});
