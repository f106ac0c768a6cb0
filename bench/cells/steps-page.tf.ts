/** A page that counts what a step of a cell costs on WebGPU. Bundled by `steps.ts`. */
import { withComposedOnly } from '../../engine/kernels/composed-only.ts';
import { startWebGpu } from '../../engine/worker/webgpu.tf.ts';
import { type StepCost, stepCost } from './step-cost.tf.ts';

export interface StepsPage {
  /** Why there is no WebGPU; `null` where there is. */
  startSteps(): Promise<string | null>;
  /** As shaders of its own, and composed. */
  countSteps(equations: string, hidden: number, inputs: number): { readonly own: StepCost; readonly composed: StepCost };
}

Object.assign(globalThis, {
  startSteps: async () => (await startWebGpu()).reason,
  countSteps: (equations, hidden, inputs) => ({
    own: stepCost(equations, hidden, inputs),
    composed: withComposedOnly(() => stepCost(equations, hidden, inputs)),
  }),
} satisfies StepsPage);
