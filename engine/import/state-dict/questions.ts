import type { ImportQuestion } from '../../protocol/import.ts';
import type { StockModule } from './torch-modules.ts';

/** What weights do not say; each with the likeliest answer chosen. */
export function questions(chain: readonly StockModule[]): readonly ImportQuestion[] {
  const head = chain.at(-1);
  if (head === undefined) return [];
  const tokens = chain[0]?.kind === 'embedding';
  const asked: ImportQuestion[] = [];
  for (const module of chain) {
    if (module.kind === 'recurrent' && module.gates === 1) {
      asked.push({
        id: `nonlinearity:${module.name}`,
        label: `Activation of ${module.name || 'the RNN'}`,
        why: 'nn.RNN has tanh unless it was told otherwise; the weights do not say.',
        options: [option('tanh', 'tanh'), option('relu', 'relu')],
        chosen: 'tanh',
      });
    }
    if (module.kind === 'linear' && module !== head) {
      asked.push({
        id: `activation:${module.name}`,
        label: `Activation after ${module.name}`,
        why: 'A function between two nn.Linear has no weights.',
        options: ['relu', 'tanh', 'sigmoid', 'identity'].map((name) => option(name, name)),
        chosen: 'relu',
      });
    }
  }
  const tagger = /tag|token|ner|pos/i.test(head.name);
  if (chain.some((module) => module.kind === 'recurrent')) {
    asked.push({
      id: 'output',
      label: 'What it answers',
      why: 'Whether the last recurrent layer is read at every step or once is in the code, not in the weights.',
      options: [
        option('last', 'once, after the last step'),
        option('mean', 'once, from the mean over steps'),
        option('max', 'once, from the maximum over steps'),
        option('every-step', 'at every step'),
      ],
      chosen: tagger ? 'every-step' : 'last',
    });
  }
  asked.push({
    id: 'head',
    label: `What ${head.name || 'the head'} gives`,
    why: 'Scores of classes and measured numbers look alike.',
    options: [
      ...(head.out > 1
        ? [option('classes', `scores of ${head.out} classes`)]
        : [option('probability', 'the logit of yes or no')]),
      option('numbers', head.out === 1 ? 'a number' : `${head.out} numbers`),
    ],
    chosen: tokens ? (head.out > 1 ? 'classes' : 'probability') : 'numbers',
  });
  return asked;
}

const option = (value: string, label: string) => ({ value, label });
