import type { ColumnNames, RawExample } from '../../engine/data/raw-example.ts';
import { Random } from '../../engine/random.ts';
import { pick } from '../pick.ts';

export const columns: ColumnNames = { inputs: ['review'], targets: ['score'] };

/** How good a word sounds, from -1 to 1. */
const adjectives: Readonly<Record<string, number>> = {
  wonderful: 0.9,
  brilliant: 0.9,
  moving: 0.7,
  charming: 0.7,
  clever: 0.6,
  funny: 0.6,
  good: 0.5,
  pleasant: 0.4,
  fine: 0.3,
  ordinary: -0.1,
  slow: -0.3,
  weak: -0.5,
  silly: -0.5,
  boring: -0.6,
  bad: -0.6,
  clumsy: -0.6,
  annoying: -0.7,
  dreadful: -0.9,
  terrible: -0.9,
  awful: -0.9,
};
/** What they do to the word after them. */
const modifiers: Readonly<Record<string, number>> = {
  'very ': 1.1,
  'really ': 1.1,
  'quite ': 0.8,
  'rather ': 0.7,
  'slightly ': 0.4,
  'not ': -0.6,
  'not very ': -0.4,
  'never ': -0.7,
  'hardly ': -0.5,
  '': 1,
};
const subjects = [
  'the plot',
  'the music',
  'the acting',
  'the ending',
  'the film',
  'the dialogue',
  'the camera',
  'the first half',
] as const;
const reviews = 6000;

/**
 * Short reviews of a film with a score. A sentence is a subject with one or two judgements; “not”, “hardly” or “slightly” turn or
 * weaken what follows; of “… but …” and “although …, …” the part that the speaker stands by counts three times the other. The same
 * words in another order say something else. Scores are noisy, as people's are. Equal reviews are one group.
 */
export async function* rows(): AsyncGenerator<RawExample> {
  const random = new Random(3, 'reviews');
  const judgement = (): { text: string; score: number } => {
    const [modifier, factor] = pick(random, Object.entries(modifiers));
    const [adjective, value] = pick(random, Object.entries(adjectives));
    return { text: `${pick(random, subjects)} was ${modifier}${adjective}`, score: factor * value };
  };
  const sentence = (): { text: string; score: number } => {
    const [a, b] = [judgement(), judgement()];
    switch (random.below(4)) {
      case 0:
        return { text: `${a.text} but ${b.text}`, score: 0.25 * a.score + 0.75 * b.score };
      case 1:
        return { text: `although ${a.text} , ${b.text}`, score: 0.25 * a.score + 0.75 * b.score };
      case 2:
        return { text: `${a.text} and ${b.text}`, score: 0.5 * a.score + 0.5 * b.score };
      default:
        return a;
    }
  };
  for (let line = 1; line <= reviews; line++) {
    const said = Array.from({ length: 1 + random.below(3) }, sentence);
    const mean = said.reduce((sum, { score }) => sum + score, 0) / said.length;
    const score = Math.max(-1, Math.min(1, mean + 0.05 * random.normal()));
    const text = `${said.map((each) => each.text).join(' . ')} .`;
    yield {
      line,
      input: { kind: 'text', text },
      target: { kind: 'numbers', values: [Math.round(score * 100) / 100] },
      group: text,
    };
  }
}
