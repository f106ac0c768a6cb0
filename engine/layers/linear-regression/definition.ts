import { dataSizedHead } from '../data-sized-head.ts';

/** Linear regression head: `x W^T + b`, in normalized units of the targets. */
export const linearRegression = dataSizedHead('targets', {
  kind: 'linear-regression',
  title: 'Regression',
  summary: 'Numbers: a linear map and no activation.',
  keywords: ['number', 'forecast', 'mse', 'linear'],
  settingTitle: 'Targets',
});
