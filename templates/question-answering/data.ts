import type { ColumnNames, RawExample } from '../../engine/data/raw-example.ts';
import { Random } from '../../engine/random.ts';

export const columns: ColumnNames = { inputs: ['story and question'], targets: ['answer'] };

const people = ['mary', 'john', 'sandra', 'daniel', 'julie', 'fred'] as const;
const places = ['kitchen', 'garden', 'office', 'bathroom', 'hallway', 'bedroom'] as const;
const moves = ['went to', 'moved to', 'travelled to', 'walked to', 'ran to'] as const;
const stories = 8000;

/**
 * Short stories of people who move from room to room, and a question about one of them: “mary went to the kitchen . john ran to the
 * office . mary moved to the garden . where is mary ?” Who asks about someone's last place must keep apart who went where, and forget
 * what has changed. The group is the person asked about with the answer: pairs of validation and test are never asked in training,
 * though both words are seen.
 */
export async function* rows(): AsyncGenerator<RawExample> {
  const random = new Random(5, 'stories');
  const pick = <T>(items: readonly T[]): T => items[random.below(items.length)] as T;
  for (let line = 1; line <= stories; line++) {
    const where = new Map<string, string>();
    const told: string[] = [];
    for (let sentence = 3 + random.below(4); sentence > 0; sentence--) {
      const [person, place] = [pick(people), pick(places)];
      where.set(person, place);
      told.push(`${person} ${pick(moves)} the ${place} .`);
    }
    const asked = pick([...where.keys()]);
    const answer = where.get(asked) ?? '';
    yield {
      line,
      input: { kind: 'text', text: `${told.join(' ')} where is ${asked} ?` },
      target: { kind: 'class', label: answer },
      group: `${asked} ${answer}`,
    };
  }
}
