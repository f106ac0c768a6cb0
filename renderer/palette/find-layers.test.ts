import { expect, test } from 'vitest';
import { layerKinds } from '../../engine/layers/registry.ts';
import { bestLayer, findLayers } from './find-layers.ts';

const kinds = (search: string): string[] => findLayers(search).flatMap((group) => group.layers.map((l) => l.kind));

test('without a search every kind is listed once', () => {
  expect(kinds('').sort()).toEqual([...layerKinds].sort());
});

test('titles, keywords and several words find layers', () => {
  expect(kinds('lstm')).toContain('lstm-cell');
  expect(kinds('bilstm')).toEqual(['bidirectional']);
  expect(kinds('forget gate')).toEqual(['lstm-cell']);
  expect(kinds('no such thing')).toEqual([]);
});

test('Enter takes the layer whose title begins like the search', () => {
  expect(bestLayer('dense')?.kind).toBe('dense');
  expect(bestLayer('gru')?.kind).toBe('gru-cell');
  expect(bestLayer('recur')?.kind).toBe('recurrent');
});

test('among some kinds only those are found, and Enter takes one of them', () => {
  const some = new Set(['decoder', 'dense']);
  expect(
    findLayers('', some)
      .flatMap((group) => group.layers.map((l) => l.kind))
      .sort(),
  ).toEqual(['decoder', 'dense']);
  expect(bestLayer('lstm', some)).toBeUndefined();
  expect(bestLayer('de', new Set(['decoder']))?.kind).toBe('decoder');
});
