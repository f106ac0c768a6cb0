import type { Plan } from '../../../compile/plan.ts';
import type { MediaKind } from '../../features/media-json.ts';
import { carried, className, everyStep, headOf, headWidth, inputName, torchModules } from '../torch-plan.ts';

/** What of a network decides how `train.py` reads examples, and how it judges. */
export interface TrainForm {
  /** Of the module's class. */
  readonly name: string;
  readonly media: MediaKind | null;
  readonly tokens: boolean;
  /** Numbers are foretold, not classes. */
  readonly numbers: boolean;
  /** One probability, of the second class. */
  readonly sigmoid: boolean;
  readonly classes: number;
  /** A target at every step. */
  readonly steps: boolean;
  /** A tag at every step, given by the examples. */
  readonly tags: boolean;
  readonly windows: boolean;
  /** An encoder–decoder. */
  readonly says: boolean;
  readonly language: boolean;
  /** A language model whose state can be carried on. */
  readonly carries: boolean;
}

export function trainForm(plan: Plan, media: MediaKind | null): TrainForm {
  const head = headOf(plan).kind;
  const steps = everyStep(plan);
  const says = plan.task === 'sequence-to-sequence';
  const language = plan.task === 'language-model';
  return {
    name: className(plan),
    media,
    tokens: inputName(plan) === 'tokens',
    numbers: head === 'linear-regression',
    sigmoid: head === 'dense-sigmoid',
    classes: head === 'dense-sigmoid' ? 2 : headWidth(plan),
    steps,
    tags: steps && !says && !language,
    windows: plan.task === 'forecasting',
    says,
    language,
    carries: language && carried(torchModules(plan)).length > 0,
  };
}
