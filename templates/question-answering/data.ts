import type { ColumnNames, RawExample } from '../../engine/data/raw-example.ts';
import { Random } from '../../engine/random.ts';
import { pick } from '../pick.ts';

export const columns: ColumnNames = { inputs: ['story and question'], targets: ['answer'] };

const people = ['mary', 'john', 'sandra', 'daniel', 'julie', 'fred'] as const;
const places = ['kitchen', 'garden', 'office', 'bathroom', 'hallway', 'bedroom'] as const;
const moves = ['went to', 'moved to', 'travelled to', 'walked to', 'ran to'] as const;
const stories = 8000;

/**
 * Short stories of people who move from room to room, and a question about one of them: “mary went to the kitchen . john ran to the
 * office . mary moved to the garden . where is mary ?” Who asks about someone's last place must keep apart who went where, and forget
 * what has changed. The group is the sentence that decides: what settles an answer in validation and test, say “mary ran to the
 * garden”, settles none in training, where it only stands in stories about others, or before Mary moves on.
 */
export async function* rows(): AsyncGenerator<RawExample> {
  const random = new Random(5, 'stories');
  for (let line = 1; line <= stories; line++) {
    const last = new Map<string, { place: string; move: string }>();
    const told: string[] = [];
    for (let sentence = 3 + random.below(4); sentence > 0; sentence--) {
      const [person, place, move] = [pick(random, people), pick(random, places), pick(random, moves)];
      last.set(person, { place, move });
      told.push(`${person} ${move} the ${place} .`);
    }
    const [asked, { place, move }] = pick(random, [...last]);
    yield {
      line,
      input: { kind: 'text', text: `${told.join(' ')} where is ${asked} ?` },
      target: { kind: 'class', label: place },
      group: `${asked} ${move} the ${place}`,
    };
  }
}
