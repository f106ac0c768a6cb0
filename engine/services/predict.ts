import type { RunModels } from '../predict/run-models.ts';
import type { Service } from './context.ts';

/** What a run says of an input; while it trains, with its weights of that moment. */
export function predictService(models: RunModels): Service<'predict'> {
  return {
    'predict.text': ({ run, text }) => models.predictText(run, text),
    'predict.series': ({ run, rows }) => models.predictSeries(run, rows),
  };
}
