import type { RunModels } from '../manage/run-models.ts';
import type { OnTokens } from '../predict/generate.tf.ts';
import type { EngineContext, Service } from './context.ts';

/** What a run says of an input; while it trains, with its weights of that moment. */
export function predictService(models: RunModels, { emit }: Pick<EngineContext, 'emit'>): Service<'predict'> {
  const generating = new Map<string, AbortController>();
  return {
    'predict.text': ({ run, text, decode }) => models.predictText(run, text, decode),
    'predict.series': ({ run, rows, decode }) => models.predictSeries(run, rows, decode),
    'predict.file': ({ run, path, decode }) => models.predictFile(run, path, decode),
    'predict.example': ({ run, split, index, decode }) => models.predictExample(run, split, index, decode),
    'predict.generate': async ({ run, id, settings, watch }) => {
      const controller = new AbortController();
      // Whoever uses a name again has no more use for what it named before.
      generating.get(id)?.abort();
      generating.set(id, controller);
      const onTokens: OnTokens = (pieces, values) => emit('predict.tokens', { id, pieces: [...pieces], values: [...values] });
      try {
        return await models.generate(run, settings, onTokens, controller.signal, watch);
      } finally {
        if (generating.get(id) === controller) generating.delete(id);
      }
    },
    'predict.cancel': async ({ id }) => {
      generating.get(id)?.abort();
      return {};
    },
  };
}
