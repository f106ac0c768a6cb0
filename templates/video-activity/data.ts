import type { ColumnNames, RawExample } from '../../engine/data/raw-example.ts';
import { Random } from '../../engine/random.ts';
import { pick } from '../pick.ts';
import { type Inside, type Placement, paint, pictureNumbers, polygon } from '../raster.ts';

export const columns: ColumnNames = { inputs: ['frames'], targets: ['activity'] };

/** Rows and columns of a frame; frames of a video, at least and at most. */
const size = 16;
const frames = [8, 12] as const;
const videos = 2000;

/** None looks the same after a small turn, so a turn can be seen. */
const shapes: readonly (readonly [string, Inside])[] = [
  ['bar', (x, y) => Math.abs(x) < 1.1 && Math.abs(y) < 0.35],
  ['half disc', (x, y) => x * x + y * y < 1.1 && y > -0.1],
  ['wedge', corners([0, -1.2], [0.6, 0.9], [-0.6, 0.9])],
  ['arrow', corners([0, -1.2], [0.8, -0.2], [0.3, -0.2], [0.3, 1], [-0.3, 1], [-0.3, -0.2], [-0.8, -0.2])],
  ['L', corners([-0.7, -1.1], [-0.1, -1.1], [-0.1, 0.5], [0.8, 0.5], [0.8, 1.1], [-0.7, 1.1])],
  ['T', corners([-0.9, -1], [0.9, -1], [0.9, -0.4], [0.3, -0.4], [0.3, 1.1], [-0.3, 1.1], [-0.3, -0.4], [-0.9, -0.4])],
  ['Z', corners([-1, -0.6], [0.3, -0.6], [0.3, 0.1], [1, 0.1], [1, 0.7], [-0.4, 0.7], [-0.4, 0], [-1, 0])],
  ['flag', corners([-0.6, -1.1], [0.9, -0.6], [-0.2, -0.1], [-0.2, 1.1], [-0.6, 1.1])],
  ['slice', (x, y) => x * x + y * y < 1.1 && (x < 0 || y < 0)],
  ['kite', corners([0, -1.2], [0.6, -0.3], [0, 1.2], [-0.6, -0.3])],
];

/** What changes from the first frame (0) to the last one (1); each comes with its reverse. */
const activities = [
  'moves right',
  'moves left',
  'moves up',
  'moves down',
  'turns right',
  'turns left',
  'grows',
  'shrinks',
] as const;
type Activity = (typeof activities)[number];

/**
 * Videos of one grey shape that moves, turns, grows or shrinks, with noise. Place, size, turn, speed, brightness and length are drawn
 * anew for every video, in the same way for all activities; each activity is another one run backwards, so that the frames of a
 * video say nothing about which of the two it is unless their order is seen. The group is the shape: those that a model is judged on
 * were never seen in training.
 */
export async function* rows(): AsyncGenerator<RawExample> {
  const random = new Random(5, 'videos');
  for (let line = 1; line <= videos; line++) {
    const activity = pick(random, activities);
    const [shape, inside] = pick(random, shapes);
    yield {
      line,
      input: { kind: 'series', steps: film(random, inside, activity) },
      target: { kind: 'class', label: activity },
      group: shape,
    };
  }
}

function film(random: Random, inside: Inside, activity: Activity): number[][] {
  const [fewest, most] = frames;
  const count = fewest + random.below(most - fewest + 1);
  const place = placements(random, activity);
  const [dark, bright] = [0.3 * random.uniform(), 0.65 + 0.35 * random.uniform()];
  return Array.from({ length: count }, (_unused, frame) => {
    const picture = new Float64Array(size * size).fill(dark);
    paint(picture, size, inside, place(frame / (count - 1)), [bright]);
    for (let i = 0; i < picture.length; i++) picture[i] = (picture[i] ?? 0) + 0.06 * random.normal();
    return pictureNumbers(picture);
  });
}

/** Where the shape is at each time, 0 … 1; never quite still, and always inside. */
function placements(random: Random, activity: Activity): (time: number) => Placement {
  const between = (low: number, high: number): number => low + (high - low) * random.uniform();
  const [radius, turn] = [between(2.8, 4), between(0, 2 * Math.PI)];
  const [distance, angle, growth] = [between(3, 6), between(0.9, 2.2), between(1.5, 2)];
  const centre = (travel: number): number => between(radius + travel / 2, size - radius - travel / 2);
  const wobble = [between(-0.4, 0.4), between(-0.4, 0.4), between(-0.15, 0.15)] as const;
  const still =
    (x: number, y: number) =>
    (time: number): Placement => ({
      x: x + wobble[0] * (time - 0.5),
      y: y + wobble[1] * (time - 0.5),
      radius,
      turn: turn + wobble[2] * (time - 0.5),
    });
  const along = activity === 'moves right' || activity === 'moves left';
  const upright = activity === 'moves up' || activity === 'moves down';
  const at = still(centre(along ? distance : 0), centre(upright ? distance : 0));
  const backwards = activity === 'moves left' || activity === 'moves up' || activity === 'turns left' || activity === 'shrinks';
  return (time) => {
    const placed = at(time);
    const passed = (backwards ? 1 - time : time) - 0.5;
    if (along) return { ...placed, x: placed.x + distance * passed };
    if (upright) return { ...placed, y: placed.y + distance * passed };
    if (activity === 'grows' || activity === 'shrinks') return { ...placed, radius: placed.radius * growth ** passed };
    return { ...placed, turn: placed.turn + angle * passed };
  };
}

function corners(...points: readonly (readonly [number, number])[]): Inside {
  return polygon(points);
}
