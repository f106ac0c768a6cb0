import type { ImportQuestion } from '../../protocol/import.ts';
import type { Chain } from './chain.ts';
import type { StockModule } from './torch-modules.ts';

/** In which order the modules run, where their widths allow several; `null` where they do not. */
export function orderQuestion(chains: readonly Chain[]): ImportQuestion | null {
  const [first, ...others] = chains;
  if (first === undefined || others.length === 0) return null;
  const twoReadings = others.some((chain) => tableOf(chain) !== tableOf(first));
  return {
    id: 'order',
    label: 'In which order they run',
    why: twoReadings
      ? 'The widths allow several orders, and a matrix without a bias may be the table of an nn.Embedding or an nn.Linear.'
      : 'The widths allow several orders; which one it is, is in the code, not in the weights.',
    options: chains.map((chain) => {
      const names = chain.map((module) => module.name || 'weight');
      const start = tableOf(chain) === null && twoReadings ? 'numbers' : '';
      const table = tableOf(chain) !== null && twoReadings ? ' (Embedding)' : '';
      return {
        value: [...(start === '' ? [] : [start]), ...names].join(','),
        label: names.map((name, i) => (i === 0 ? `${name}${table}` : name)).join(' → '),
      };
    }),
    chosen: null,
    decides: true,
  };
}

const tableOf = ([first]: Chain): string | null => (first?.kind === 'embedding' ? first.name : null);

/** What weights do not say of a chain; each with the likeliest answer chosen. */
export function questions(chain: Chain): readonly ImportQuestion[] {
  const head = chain.at(-1);
  if (head === undefined) return [];
  const [first] = chain;
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
  const nextToken = first?.kind === 'embedding' && first.rows === head.out;
  const last = chain.findLast((module) => module.kind === 'recurrent');
  if (last !== undefined) {
    const perStep = nextToken || /tag|token|ner|pos/i.test(head.name);
    asked.push({
      id: 'output',
      label: 'What it answers',
      why: 'Whether the last recurrent layer is read at every step or once is in the code, not in the weights.',
      options: [...onceAtTheEnd(last), ...pooled, option('every-step', 'at every step')],
      chosen: perStep ? 'every-step' : 'last',
    });
  }
  asked.push({
    id: 'head',
    label: `What ${head.name || 'the head'} gives`,
    why: 'Scores of classes and measured numbers look alike.',
    options: [
      ...(nextToken ? [option('tokens', `scores of the next of ${head.out} tokens`)] : []),
      ...(head.out > 1
        ? [option('classes', `scores of ${head.out} classes`)]
        : [option('probability', 'the logit of yes or no')]),
      option('numbers', head.out === 1 ? 'a number' : `${head.out} numbers`),
    ],
    chosen: nextToken ? 'tokens' : first?.kind !== 'embedding' ? 'numbers' : head.out > 1 ? 'classes' : 'probability',
  });
  return asked;
}

const option = (value: string, label: string) => ({ value, label });

const pooled = [option('mean', 'once, from the mean over steps'), option('max', 'once, from the maximum over steps')];

/** With two directions, “the last step” has two meanings, and both are common in code. */
function onceAtTheEnd(last: Extract<StockModule, { kind: 'recurrent' }>) {
  if (last.directions === 1) return [option('last', 'once, after the last step')];
  return [
    option('last', 'once, from h_n: the last step of each direction'),
    option('last-output', 'once, from output[:, -1]: backwards, its first step'),
  ];
}
