import { z } from 'zod';
import { figure } from './figure.ts';
import { place } from './inspect.ts';
import { workId } from './inspect-work.ts';

const complex = z.tuple([figure, figure]);

/** What repeated products with a matrix do (rows L21, L22). */
export const spectrum = z.strictObject({
  /** Real and imaginary parts, largest first. */
  eigenvalues: z.array(complex),
  /** ρ, the size of the largest. */
  radius: figure,
  /** σ₁, what one product can stretch by. */
  singular: figure,
  dominant: z.strictObject({
    eigenvalue: complex,
    /** Where products drive any vector: one direction 1 long, or two at right angles that span the plane in which they turn. */
    directions: z.array(z.array(figure)),
  }),
});

export const spectrumMethods = {
  /** Eigenvalues of what carries a cell's state from step to step, with a trace's weights; computed beside the engine's other work. */
  'inspect.spectrum': {
    params: z.strictObject({
      ...place,
      /** The Jacobian of the step at its state, too. */
      step: z.number().int().min(0).optional(),
    }),
    result: z.strictObject({
      /** Matrices of the equations that multiply the state, or what is made from it. */
      matrices: z.array(
        z.strictObject({
          name: z.string(),
          shape: z.tuple([z.number().int(), z.number().int()]),
          singular: figure,
          /** `null` where it is not square, or has numbers that are none. */
          spectrum: spectrum.nullable(),
        }),
      ),
      /**
       * Of a cell `h' = φ(… + U h)` alone: what σ₁ of U says of gradients through many steps (Pascanu et al. 2013). They vanish where it is
       * below 1/γ, γ the largest slope of φ; above it they may explode.
       */
      bounds: z
        .strictObject({
          matrix: z.string(),
          /** φ; `null` where there is none. */
          activation: z.string().nullable(),
          gamma: figure,
          limit: figure,
          singular: figure,
          verdict: z.enum(['vanish', 'may-explode', 'neither']),
          /** γ σ₁ */
          perStep: figure,
        })
        .nullable(),
      /** Of ∂s_t/∂s_{t-1}, all parts of the state side by side; `null` where no step was asked for, or it has numbers that are none. */
      jacobian: spectrum.nullable(),
    }),
  },
  /** Eigenvalues of one of the cell's matrices at earlier moments of the run (`film.get`); of a step that is no longer kept none. */
  'inspect.trail': {
    params: z.strictObject({ ...place, matrix: z.string(), steps: z.array(z.number().int().min(0)).min(1).max(8) }),
    result: z.strictObject({ moments: z.array(z.strictObject({ step: z.number().int(), eigenvalues: z.array(complex) })) }),
  },
  /**
   * Where `h ← W h / ‖W h‖` goes from any start `a e₁ + b e₂ + c e₃`: e₁ and e₂ span the plane of W's dominant eigenvector (and a direction at
   * right angles to it) or of its dominant complex pair, e₃ is at right angles to both.
   */
  'inspect.arrow': {
    params: z.strictObject({ ...place, matrix: z.string(), products: z.number().int().min(1).max(200).default(40) }),
    result: z.strictObject({
      /** Whether the dominant eigenvalue is one of a complex pair. */
      turns: z.boolean(),
      /** 2 or 3: how many e there are. */
      directions: z.number().int(),
      /** Of n = 0, 1, … products: of `Wⁿ eᵢ`, divided by e^scale, the parts along e₁ and e₂, and all products with each other, row by row. */
      products: z.array(z.strictObject({ across: z.array(figure), up: z.array(figure), gram: z.array(figure), scale: figure })),
    }),
  },
  /** How gradients flow back over a trace's steps. `inspect.progress` tells of it by its `id`. */
  'inspect.flow': {
    params: z.strictObject({
      ...place,
      id: workId.optional(),
      /** The step that they flow back from, T; the last that the cell ran unless another is said. */
      from: z.number().int().min(0).optional(),
    }),
    result: z.strictObject({
      /** Lyapunov exponents in nats a step, largest first: of the `exponents.length` most stretched of `size` directions. */
      exponents: z.array(figure),
      /** Numbers of the state. */
      size: z.number().int(),
      /** ‖∂s_T/∂s_t‖₂ in the order in which the cell ran; the first is of the state before the first step. */
      norms: z.array(figure),
    }),
  },
} as const;
