import type { ColumnNames, RawExample } from '../../engine/data/raw-example.ts';
import { Random } from '../../engine/random.ts';
import { pick } from '../pick.ts';
import { type Inside, paint, pictureNumbers, polygon } from '../raster.ts';

export const columns: ColumnNames = { inputs: ['picture'], targets: ['shape'] };

/** Rows and columns of a picture. */
const size = 20;
const pictures = 4000;

/** Corners of a regular figure, every second one drawn in by `inner`. */
const star = (points: number, inner: number): Inside =>
  polygon(
    Array.from({ length: 2 * points }, (_unused, i): [number, number] => {
      const radius = i % 2 === 0 ? 1.1 : 1.1 * inner;
      const angle = (Math.PI * i) / points;
      return [radius * Math.sin(angle), -radius * Math.cos(angle)];
    }),
  );

const shapes: readonly (readonly [string, Inside])[] = [
  ['circle', (x, y) => x * x + y * y < 1],
  ['ring', (x, y) => x * x + y * y < 1 && x * x + y * y > 0.3],
  ['square', (x, y) => Math.max(Math.abs(x), Math.abs(y)) < 0.85],
  ['triangle', star(3, 0.5)],
  ['star', star(5, 0.42)],
  ['cross', (x, y) => Math.min(Math.abs(x), Math.abs(y)) < 0.3 && Math.max(Math.abs(x), Math.abs(y)) < 1.1],
];

/** Grey pictures of one shape each, of any size and turn, anywhere, lighter or darker than what is behind it, with noise. */
export async function* rows(): AsyncGenerator<RawExample> {
  const random = new Random(6, 'shapes');
  for (let line = 1; line <= pictures; line++) {
    const [label, inside] = pick(random, shapes);
    const radius = 4 + 3.5 * random.uniform();
    const place = (): number => radius + (size - 2 * radius) * random.uniform();
    const lighter = random.below(2) === 0;
    const behind = lighter ? 0.1 + 0.3 * random.uniform() : 0.6 + 0.3 * random.uniform();
    const shade = lighter ? 0.65 + 0.3 * random.uniform() : 0.05 + 0.3 * random.uniform();
    const picture = new Float64Array(size * size).fill(behind);
    const turn = 2 * Math.PI * random.uniform();
    paint(picture, size, inside, { x: place(), y: place(), radius, turn }, [shade]);
    for (let i = 0; i < picture.length; i++) picture[i] = (picture[i] ?? 0) + 0.06 * random.normal();
    yield {
      line,
      input: { kind: 'series', steps: [pictureNumbers(picture)] },
      target: { kind: 'class', label },
      group: null,
    };
  }
}
