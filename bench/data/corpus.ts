import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { Random } from '../../engine/random.ts';

const letters = 'etaoinshrdlcumwfgypbvk';
const differentWords = 40_000;

/** Words as frequent as Zipf's law has them: the r-th most frequent one stands as often as 1 / (r + 1). */
class Words {
  readonly #words: readonly string[];
  readonly #below: Float64Array;
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
    this.#words = Array.from({ length: differentWords }, () =>
      Array.from({ length: 2 + random.below(8) }, () => letters[random.below(letters.length)]).join(''),
    );
    let sum = 0;
    this.#below = Float64Array.from(this.#words, (_word, i) => (sum += 1 / (i + 2)));
  }

  next(): string {
    const at = this.#random.uniform() * (this.#below.at(-1) ?? 0);
    let [low, high] = [0, differentWords - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#below[middle] ?? 0) < at) low = middle + 1;
      else high = middle;
    }
    return this.#words[low] ?? '';
  }
}

/** A table of texts of 18 words with a label of two, a tenth of them in quotes for their comma; or a running text of sentences. */
export async function writeCorpus(path: string, kind: 'table' | 'text', bytes: number): Promise<void> {
  const random = new Random(1, 'corpus');
  const words = new Words(random);
  const file = createWriteStream(path);
  let written = 0;
  const put = async (line: string): Promise<void> => {
    written += line.length;
    if (!file.write(line)) await once(file, 'drain');
  };
  if (kind === 'table') await put('text,label\n');
  while (written < bytes) {
    const row = Array.from({ length: kind === 'table' ? 18 : 14 }, () => words.next());
    row[0] = `${(row[0] ?? '')[0]?.toUpperCase() ?? ''}${(row[0] ?? '').slice(1)}`;
    const comma = random.uniform() < 0.1;
    if (comma) row[8] += ',';
    const sentence = `${row.join(' ')}.`;
    await put(
      kind === 'text' ? `${sentence}\n` : `${comma ? `"${sentence}"` : sentence},${random.uniform() < 0.5 ? 'yes' : 'no'}\n`,
    );
  }
  file.end();
  await once(file, 'finish');
}
