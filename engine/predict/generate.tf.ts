import { specialTokens } from '../data/dataset.ts';
import { tokenText } from '../data/token-text.ts';
import { ModelTokens } from '../decode/model-tokens.tf.ts';
import { sample } from '../decode/sample.ts';
import { isRunningText } from '../document/data-binding.ts';
import { UserError } from '../protocol/envelope.ts';
import type { GenerateSettings, Generation } from '../protocol/predict.ts';
import type { Predictor } from './predictor.ts';
import { encodePrompt } from './prompt.ts';

/** Tokens in the words of the data, as they come. */
export type OnTokens = (tokens: readonly string[], text: string) => void;

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
  const source = new ModelTokens(model, null);
  const said: string[] = [];
  let told = { tokens: 0, characters: 0, at: performance.now() };
  const tell = (): void => {
    const text = tokenText(said, level);
    onTokens(said.slice(told.tokens), text.slice(told.characters));
    told = { tokens: said.length, characters: text.length, at: performance.now() };
  };
  try {
    source.read(prompt.ids.subarray(0, -1));
    const [found] = await sample(source, {
      ...settings,
      first: prompt.ids[prompt.ids.length - 1] ?? specialTokens.begin,
      endless: isRunningText(encoding.binding),
      signal,
      onToken: (_row, token) => {
        said.push(word(token));
        if (performance.now() - told.at >= toldEvery) tell();
      },
    });
    if (said.length > told.tokens) tell();
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
