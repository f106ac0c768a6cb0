import { dataSizedHead } from '../data-sized-head.ts';

/** Dense layer and softmax: log-probabilities `log_softmax(x W^T + b)`, per vector or per step. */
export const denseSoftmax = dataSizedHead('classes', {
  kind: 'dense-softmax',
  title: 'Dense softmax',
  summary: 'Probabilities of classes: one choice per example, or per step.',
  keywords: ['classifier', 'classes', 'tags', 'cross entropy', 'log_softmax'],
  settingTitle: 'Classes',
});
