import type { GradientRule } from '../document/training-settings.ts';

/** Names of the slots, as in PyTorch's optimizer state. */
export function slotNames(settings: GradientRule): readonly string[] {
  switch (settings.kind) {
    case 'sgd':
      return [];
    case 'momentum':
    case 'nesterov':
      return ['momentum_buffer'];
    case 'adagrad':
      return ['sum'];
    case 'rmsprop':
      return settings.momentum > 0 ? ['square_avg', 'momentum_buffer'] : ['square_avg'];
    case 'adam':
    case 'adamw':
      return ['exp_avg', 'exp_avg_sq'];
  }
}
