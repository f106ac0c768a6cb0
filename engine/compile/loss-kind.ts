import type { TrainingSettings } from '../document/training-settings.ts';
import { UserError } from '../protocol/envelope.ts';
import type { Plan } from './plan.ts';

export type Loss = Exclude<TrainingSettings['loss'], 'auto'>;
export type HeadKind = 'dense-softmax' | 'dense-sigmoid' | 'linear-regression';

const fitting: Readonly<Record<HeadKind, readonly [Loss, ...Loss[]]>> = {
  'dense-softmax': ['cross-entropy'],
  'dense-sigmoid': ['binary-log-loss'],
  'linear-regression': ['mse', 'rmse'],
};

const titles: Readonly<Record<Loss, string>> = {
  'cross-entropy': 'cross entropy',
  'binary-log-loss': 'binary log loss',
  mse: 'mean squared error',
  rmse: 'root mean squared error',
};

/** The plan's head; compiling has made sure that there is one. */
export function headKind(plan: Plan): HeadKind {
  const kind = plan.modules.find((module) => module.id === plan.head)?.kind;
  if (kind === 'dense-softmax' || kind === 'dense-sigmoid' || kind === 'linear-regression') return kind;
  throw new Error(`plan: expected a head, found ${kind ?? 'no module'} under ${plan.head}`);
}

/**
 * The loss that will be trained on.
 *
 * @throws UserError `loss-does-not-fit` when the chosen loss cannot be computed from the head.
 */
export function chooseLoss(plan: Plan, wanted: TrainingSettings['loss']): Loss {
  const kind = headKind(plan);
  const choices = fitting[kind];
  if (wanted === 'auto') return choices[0];
  if (choices.includes(wanted)) return wanted;
  const names = choices.map((choice) => titles[choice]).join(' or ');
  throw new UserError({
    code: 'loss-does-not-fit',
    message: `The loss is set to ${titles[wanted]}, but the head ${kind} is trained with ${names}.`,
    hint: `Set the loss to automatic or to ${names}.`,
    node: plan.head,
  });
}
