import { expect, it } from 'vitest';
import type { BeamNode } from '../../engine/protocol/beam-tree.ts';
import { beamLayout, beamStep, fateWords, wayTo } from './beam-layout.ts';

const node = (parent: number | null, token: string, fate: BeamNode['fate'], rank: number | null = null): BeamNode => ({
  ...{ parent, token, fate, rank, probability: 0.5, logProbability: -1 },
  score: fate === 'ended' ? -0.9 : null,
});
/** a is gone on with twice, b once and then no more; “a <eos>” is the answer, “a c” reached the limit. */
const nodes = [
  node(null, 'a', 'kept'),
  node(null, 'b', 'kept'),
  node(null, 'c', 'dropped'),
  node(0, '<eos>', 'ended', 0),
  node(0, 'c', 'kept', 1),
  node(1, 'a', 'dropped'),
];

it('a column a step, in the order in which the search ranked them', () => {
  const { columns, rows } = beamLayout({ nodes }, 0);
  expect(columns.map((column) => column.map(({ token, row, length }) => [token, row, length]))).toEqual([
    [
      ['a', 0, 1],
      ['b', 1, 1],
      ['c', 2, 1],
    ],
    [
      ['<eos>', 0, 2],
      ['c', 1, 2],
      ['a', 2, 2],
    ],
  ]);
  expect(rows).toBe(3);
  expect(wayTo(nodes, 4)).toEqual([0, 4]);
});

it('tells the chosen way from others that were found, given up and dropped', () => {
  const states = (chosen: number) => beamLayout({ nodes }, chosen).nodes.map(({ state }) => state);
  expect(states(0)).toEqual(['chosen', 'left', 'dropped', 'chosen', 'found', 'dropped']);
  expect(states(1)).toEqual(['chosen', 'left', 'dropped', 'found', 'chosen', 'dropped']);
});

it('says what became of each', () => {
  expect(beamLayout({ nodes }, 0).nodes.map(fateWords)).toEqual([
    'continued',
    'continued, and dropped later',
    'dropped: others were more probable',
    'ended here with score −0.900, and is the answer',
    'cut at the limit, and is number 2',
    'dropped: others were more probable',
  ]);
});

it('keys lead along the way and down a column', () => {
  const layout = beamLayout({ nodes }, 1);
  const keys = (from: number, ...pressed: string[]) => pressed.reduce((at, key) => beamStep(key, layout, at) ?? -1, from);
  // The chosen way is followed, also where another token stands above it.
  expect(keys(0, 'ArrowRight')).toBe(4);
  expect(keys(1, 'ArrowRight')).toBe(5);
  expect(keys(2, 'ArrowRight')).toBe(2);
  expect(keys(4, 'ArrowLeft')).toBe(0);
  expect(keys(0, 'ArrowLeft')).toBe(0);
  expect(keys(0, 'ArrowDown', 'ArrowDown', 'ArrowDown')).toBe(2);
  expect(keys(5, 'ArrowUp')).toBe(4);
  expect(keys(5, 'Home')).toBe(1);
  expect(keys(2, 'End')).toBe(4);
  expect(beamStep('x', layout, 0)).toBeNull();
});

it('nothing that was looked at is no tree', () => {
  expect(beamLayout({ nodes: [] }, 0)).toEqual({ nodes: [], columns: [], rows: 0 });
});
