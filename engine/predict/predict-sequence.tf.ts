import type { toTensors } from '../compile/materialize.tf.ts';
import { tokenText } from '../data/token-text.ts';
import { beam } from '../decode/beam.ts';
import { BeamTree } from '../decode/beam-tree.ts';
import { greedy } from '../decode/greedy.ts';
import { defaultLimit } from '../decode/limit.ts';
import { ModelTokens, type WatchAt } from '../decode/model-tokens.tf.ts';
import { sample } from '../decode/sample.ts';
import type { Hypothesis, TokenSource } from '../decode/token-source.ts';
import type { DecodeSettings, Prediction } from '../protocol/predict.ts';
import type { Predictor } from './predictor.ts';

type SequencePrediction = Extract<Prediction, { kind: 'sequence' }>;

/** One input, ready for the model. */
type Input = Pick<Parameters<typeof toTensors>[0], 'steps' | 'tokens' | 'series'>;

type Said = Pick<SequencePrediction, 'hypotheses' | 'tree'>;

export const greedySettings: DecodeSettings = { method: 'greedy', maxTokens: null };

/** What a model says to one input, best first. The model must keep its weights and live until this is done: it waits in between. */
export const predictSequence = async (...asked: Parameters<typeof searchSequence>): Promise<Said['hypotheses']> =>
  (await searchSequence(...asked)).hypotheses;

/** The same, and how beam search came to it where `settings` ask for its tree. */
export async function searchSequence(
  { model, encoding }: Predictor,
  { steps, tokens, series }: Input,
  settings: DecodeSettings,
  watchAt: WatchAt | null = null,
): Promise<Said> {
  const input = { steps, rows: 1, tokens, series, lengths: Int32Array.of(steps) };
  const source = new ModelTokens(model, input, watchAt);
  try {
    const tree = settings.method === 'beam' && settings.tree === true ? new BeamTree(settings.width) : null;
    const found = await search(source, settings, settings.maxTokens ?? defaultLimit(encoding), tree);
    const hypotheses = found.map((hypothesis) => inWords(hypothesis, encoding));
    if (settings.method !== 'beam' || tree === null) return { hypotheses };
    const { width, lengthPenalty } = settings;
    const nodes = tree.nodes.map((node) => ({ ...node, token: wordOf(node.token, encoding) }));
    return { hypotheses, tree: { width, lengthPenalty, nodes } };
  } finally {
    source.dispose();
  }
}

function search(source: TokenSource, settings: DecodeSettings, maxTokens: number, tree: BeamTree | null): Promise<Hypothesis[]> {
  switch (settings.method) {
    case 'greedy':
      return greedy(source, maxTokens);
    case 'beam':
      return beam(source, { ...settings, maxTokens, tree });
    case 'sample':
      source.select(Array.from({ length: settings.samples }, () => 0));
      return sample(source, { ...settings, maxTokens }).then((drawn) =>
        drawn.sort((a, b) => b.logProbability - a.logProbability),
      );
  }
}

const wordOf = (id: number, { classes }: Predictor['encoding']): string => classes?.[id] ?? `#${id}`;

function inWords(said: Hypothesis, encoding: Predictor['encoding']): SequencePrediction['hypotheses'][number] {
  const tokens = said.tokens.map((id) => wordOf(id, encoding));
  return {
    tokens,
    probabilities: [...said.probabilities],
    text: tokenText(tokens, encoding.binding.targetTokenizer.level),
    logProbability: said.logProbability,
    alignment: said.alignment?.map((row) => [...row]) ?? null,
    finished: said.finished,
  };
}
