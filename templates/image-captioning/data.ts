import type { ColumnNames, RawExample } from '../../engine/data/raw-example.ts';
import { Random } from '../../engine/random.ts';
import { pick } from '../pick.ts';
import { type Inside, paint, pictureNumbers, polygon } from '../raster.ts';

export const columns: ColumnNames = { inputs: ['picture'], targets: ['caption'] };

/** Rows and columns of a picture. */
const size = 24;
const scenes = 8000;

const shapes: readonly (readonly [string, Inside])[] = [
  ['circle', (x, y) => x * x + y * y < 1],
  ['square', (x, y) => Math.max(Math.abs(x), Math.abs(y)) < 0.88],
  [
    'triangle',
    polygon([
      [0, -1.1],
      [1.1, 0.9],
      [-1.1, 0.9],
    ]),
  ],
  ['cross', (x, y) => Math.min(Math.abs(x), Math.abs(y)) < 0.34 && Math.max(Math.abs(x), Math.abs(y)) < 1.1],
];

const colours: readonly (readonly [string, readonly [number, number, number]])[] = [
  ['red', [0.85, 0.15, 0.15]],
  ['green', [0.15, 0.7, 0.2]],
  ['blue', [0.15, 0.25, 0.85]],
  ['yellow', [0.9, 0.85, 0.15]],
  ['white', [0.97, 0.97, 0.97]],
];

/** Where the smaller shape's middle lies, seen from the larger one, one unit away. */
const relations = [
  ['above', 0, 1],
  ['below', 0, -1],
  ['left of', 1, 0],
  ['right of', -1, 0],
] as const;

interface Thing {
  readonly name: string;
  readonly inside: Inside;
  readonly colour: readonly number[];
}

/**
 * Pictures of a larger and a smaller shape, each with its caption; the larger one is named first: “a red circle above a blue square”.
 * So a caption says two colours, two shapes and a relation, and which of the two is larger must be seen. The group is the pair of
 * things, whichever is larger: no two things that stand together in one split stand together in another.
 */
export async function* rows(): AsyncGenerator<RawExample> {
  const random = new Random(3, 'scenes');
  for (let line = 1; line <= scenes; line++) {
    const larger = thing(random);
    let smaller = thing(random);
    while (smaller.name === larger.name) smaller = thing(random);
    const [words, right, down] = pick(random, relations);
    const picture = background(random);
    const [large, small] = [5.2 + 0.8 * random.uniform(), 3.8 + 0.6 * random.uniform()];
    const apart = 1.05 * (large + small) + random.uniform();
    const aside = 2 * random.uniform() - 1;
    const [dx, dy] = [right * apart + down * aside, down * apart + right * aside];
    const x = coordinate(random, large, dx, small);
    const y = coordinate(random, large, dy, small);
    paint(picture, size, larger.inside, { x, y, radius: large, turn: 0 }, shade(random, larger.colour));
    paint(picture, size, smaller.inside, { x: x + dx, y: y + dy, radius: small, turn: 0 }, shade(random, smaller.colour));
    for (let i = 0; i < picture.length; i++) picture[i] = (picture[i] ?? 0) + 0.04 * random.normal();
    yield {
      line,
      input: { kind: 'series', steps: [pictureNumbers(picture)] },
      target: { kind: 'sequence', target: { kind: 'text', text: `a ${larger.name} ${words} a ${smaller.name}` } },
      group: [larger.name, smaller.name].sort().join(' and '),
    };
  }
}

function thing(random: Random): Thing {
  const [colourName, colour] = pick(random, colours);
  const [shapeName, inside] = pick(random, shapes);
  return { name: `${colourName} ${shapeName}`, inside, colour };
}

/** A dark grey that differs from picture to picture. */
function background(random: Random): Float64Array {
  return new Float64Array(size * size * 3).fill(0.1 + 0.25 * random.uniform());
}

const shade = (random: Random, colour: readonly number[]): number[] =>
  colour.map((channel) => channel + 0.1 * (random.uniform() - 0.5));

/** A place for the larger shape: the pair stands in the middle, give or take a pixel. */
function coordinate(random: Random, large: number, offset: number, small: number): number {
  const low = Math.max(large, small - offset);
  const high = Math.min(size - large, size - small - offset);
  return (low + high) / 2 + 2 * random.uniform() - 1;
}
