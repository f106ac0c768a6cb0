import { specialTokens } from '../data/dataset.ts';
import { textAfter, tokenText } from '../data/token-text.ts';
import { ModelTokens, type WatchAt } from '../decode/model-tokens.tf.ts';
import { sample } from '../decode/sample.ts';
import { isRunningText } from '../document/data-binding.ts';
import { UserError } from '../protocol/envelope.ts';
import type { GenerateSettings, Generation, SaidPiece } from '../protocol/predict.ts';
import type { Predictor } from './predictor.ts';
import { encodePrompt } from './prompt.ts';

/**
 * Tokens in the words of the data, as they come.
 *
 * @param values what the watched unit is after each token that was said, since it was told last: a token is read after it is said, so they
 * are one behind, and the last token has none
 */
export type OnTokens = (pieces: readonly SaidPiece[], values: readonly number[]) => void;

/** Somebody who looks at a unit while it is written. */
export interface WatchedUnit {
  readonly watchAt: WatchAt;
  /** One for each time that the model ran so far. */
  readonly values: readonly number[];
}

/** Messages a second at most are a thousand over this. */
const toldEvery = 33;

/**
 * A language model goes on from a prompt (row L20). The model must keep its weights and live until this is done: it waits in between.
 *
 * @throws UserError `wrong-input` when the model is no language model
 */
export async function generate(
  { model, encoding }: Predictor,
  settings: GenerateSettings,
  onTokens: OnTokens,
  signal?: AbortSignal,
  watched: WatchedUnit | null = null,
): Promise<Generation> {
  if (encoding.binding.task !== 'language-model') {
    throw new UserError({
      code: 'wrong-input',
      message: 'This model does not go on with a text: it was not trained as a language model.',
      hint: 'Give it an input to predict from.',
    });
  }
  const prompt = encodePrompt(encoding, settings.prompt);
  const { level } = encoding.binding.tokenizer;
  const word = (id: number): string => encoding.classes?.[id] ?? `#${id}`;
  const source = new ModelTokens(model, null, watched?.watchAt);
  const said: string[] = [];
  /** Values that were told, or are of the prompt: it is read at once but for its last token. */
  let read = prompt.ids.length > 1 ? 2 : 1;
  let untold: SaidPiece[] = [];
  let told = performance.now();
  const tell = (): void => {
    const values = watched?.values.slice(read) ?? [];
    onTokens(untold, values);
    untold = [];
    read += values.length;
    told = performance.now();
  };
  try {
    source.read(prompt.ids.subarray(0, -1));
    const [found] = await sample(source, {
      ...settings,
      first: prompt.ids[prompt.ids.length - 1] ?? specialTokens.begin,
      endless: isRunningText(encoding.binding),
      signal,
      onToken: (_row, id, probability) => {
        const token = word(id);
        untold.push({ token, text: textAfter(said.at(-1), token, level), probability });
        said.push(token);
        if (performance.now() - told >= toldEvery) tell();
      },
    });
    if (untold.length > 0) tell();
    const { probabilities = [], logProbability = 0, finished = false } = found ?? {};
    return {
      prompt: prompt.tokens,
      unknown: prompt.unknown,
      tokens: said,
      probabilities: [...probabilities],
      text: tokenText(said, level),
      logProbability,
      ended: finished ? 'end' : said.length < settings.maxTokens ? 'cancelled' : 'limit',
    };
  } finally {
    source.dispose();
  }
}
