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
  | { readonly kind: 'spectrum'; readonly cell: AskedCell; readonly step: AskedStep | undefined }
  /** One matrix, as it was at several steps of the training. */
  | { readonly kind: 'trail'; readonly moments: readonly { readonly step: number; readonly matrix: Block }[] }
  | { readonly kind: 'arrow'; readonly matrix: Block; readonly products: number }
  /** Steps in the order in which the cell ran. */
  | { readonly kind: 'flow'; readonly cell: AskedCell; readonly steps: readonly AskedStep[] }
  | UnitScoresQuestion
  | ProjectionQuestion
  | FixedPointsQuestion;

interface Answers {
  readonly spectrum: MethodResult<'inspect.spectrum'>;
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

/** @param onProgress how much of it is done */
export function answerOf(
  question: AnalysisQuestion,
  onProgress: (done: number) => void = () => undefined,
): Answer<AnalysisQuestion> {
  switch (question.kind) {
    case 'spectrum':
      return spectra(question);
    case 'trail':
      return trail(question);
    case 'arrow':
      return arrow(question);
    case 'flow':
      return flow(question);
    case 'unitScores':
      return unitScores(question);
    case 'projection':
      return projectStates(question);
    case 'fixedPoints':
      return findFixedPoints(question, onProgress);
  }
}

function spectra({ cell, step }: Extract<AnalysisQuestion, { kind: 'spectrum' }>): MethodResult<'inspect.spectrum'> {
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
  const jacobian = step === undefined ? null : spectrum(stepJacobian(program, asStep(cell, step)));
  return {
    matrices,
    bounds:
      plain === null || singular === undefined || Number.isNaN(singular)
        ? null
        : { matrix: plain.matrix, activation: plain.activation, ...gradientBounds(singular, plain.gamma) },
    jacobian: jacobian && told(jacobian),
  };
}

const trail = ({ moments }: Extract<AnalysisQuestion, { kind: 'trail' }>): MethodResult<'inspect.trail'> => ({
  moments: moments.flatMap(({ step, matrix }) => {
    const found = eigenvalues(matrix);
    return found === null ? [] : [{ step, eigenvalues: found.map(([re, im]): [number, number] => [re, im]) }];
  }),
});

function arrow({ matrix, products }: Extract<AnalysisQuestion, { kind: 'arrow' }>): MethodResult<'inspect.arrow'> {
  const found = spectrum(matrix);
  if (found === null) return { turns: false, directions: 0, products: [] };
  const plane = arrowPlane(matrix, found.dominant, products);
  return {
    turns: found.dominant.directions.length > 1,
    directions: plane.directions,
    products: plane.products.map(({ across, up, gram, scale }) => ({ across: [...across], up: [...up], gram: [...gram], scale })),
  };
}

function flow({ cell, steps }: Extract<AnalysisQuestion, { kind: 'flow' }>): MethodResult<'inspect.flow'> {
  const program = cellProgram(cell.equations, cell.hidden);
  const size = stateSize(program);
  const { exponents, norms } = gradientFlow(
    program,
    steps.map((step) => asStep(cell, step)),
    Math.min(size, mostExponents),
  );
  return { exponents: [...exponents], norms: [...norms], size };
}

const asStep = ({ equations, hidden, parameters }: AskedCell, step: AskedStep): StateStep =>
  step === null ? null : stateStep(cellProgram(equations, hidden), { ...step, parameters });

const told = ({ eigenvalues, dominant, ...rest }: Spectrum): NonNullable<MethodResult<'inspect.spectrum'>['jacobian']> => ({
  ...rest,
  eigenvalues: eigenvalues.map(([re, im]) => [re, im]),
  dominant: {
    eigenvalue: [dominant.eigenvalue[0], dominant.eigenvalue[1]],
    directions: dominant.directions.map((direction) => [...direction]),
  },
});
