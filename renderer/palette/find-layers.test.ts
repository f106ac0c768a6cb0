import { expect, test } from 'vitest';
import { layerKinds } from '../../engine/layers/registry.ts';
import { bestOf, findLayers, isNamed } from './find-layers.ts';

const bestLayer = (search: string, among?: ReadonlySet<string>) =>
  bestOf(
    search,
    findLayers(search, among).flatMap((group) => group.layers),
  );
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

test('blocks are found by every word of their names, and what is called like the search goes before what only has to do with it', () => {
  expect(['Encoder', 'Big encoder', 'Head'].filter((name) => isNamed(' ENC  ', name))).toEqual(['Encoder', 'Big encoder']);
  expect(isNamed('big enc', 'Encoder, big')).toBe(true);
  const found = [{ title: 'Bidirectional' }, { title: 'My encoder' }, { title: 'Encoder' }];
  expect(bestOf('enc', found)).toBe(found[2]);
  expect(bestOf('enc', found.slice(0, 2))).toBe(found[1]);
  expect(bestOf('reads both ways', found)).toBe(found[0]);
});
