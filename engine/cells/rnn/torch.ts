import type { TorchForm } from '../export/torch-cell.ts';
import type { RnnForm } from './equations.ts';
import { elmanSource } from './torch-source.ts';

/** `nn.RNN` has tanh and relu; the other two activations come as a small module of the same parameters. */
export function rnnTorch({ activation }: RnnForm): TorchForm {
  switch (activation) {
    case 'tanh':
      return { className: 'nn.RNN', options: {} };
    case 'relu':
      return { className: 'nn.RNN', options: { nonlinearity: 'relu' } };
    case 'sigmoid': {
      const source = elmanSource('SigmoidRNN', 'Vanilla RNN with the logistic function.', (sum) => `torch.sigmoid(${sum})`);
      return { className: 'SigmoidRNN', options: {}, source };
    }
    case 'identity': {
      const source = elmanSource('IdentityRNN', 'Vanilla RNN without an activation.', (sum) => sum);
      return { className: 'IdentityRNN', options: {}, source };
    }
  }
}
