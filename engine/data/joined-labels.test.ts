import { expect, it } from 'vitest';
import { alikeLabels, joinedLabels } from './joined-labels.ts';

it.each([
  ['|', ['Action', 'Action|Drama', 'Drama', 'Drama|War', 'War']],
  [',', ['Action, Drama', 'Drama, Action', 'War']],
  [';', ['a;b', 'b;a;c', 'c;b']],
])('tells labels joined by “%s”, with the first of them and how many there are', (sign, classes) => {
  const joined = classes.filter((name) => name.includes(sign));
  expect(joinedLabels(classes)).toEqual([
    expect.stringMatching(new RegExp(`^Labels such as “${joined[0]?.replace('|', '\\|')}” .* joined by “\\${sign}”`)),
  ]);
  expect(joinedLabels(classes)[0]).toContain(`each of the ${joined.length} combinations`);
});

it.each([
  ['places of a country', ['New York, NY', 'Albany, NY', 'Los Angeles, CA', 'Washington']],
  ['a place of the name of a state', ['Georgia', 'Atlanta, Georgia', 'Athens, Georgia']],
  ['plain labels', ['neg', 'pos', 'a b']],
  ['decimal numbers with a comma', ['0,5', '1,0', '1,5', '5,0', '5,1']],
  ['labels that end in a sign', ['a|', 'b|', 'a', 'c;']],
])('takes %s for classes', (_what, classes) => {
  expect(joinedLabels(classes)).toEqual([]);
});

it('tells classes that differ in how they are written alone', () => {
  expect(alikeLabels(['True', 'False', 'true', 'no  one', 'No one'])).toEqual([
    expect.stringMatching(/^The classes “True” and “true”, “no {2}one” and “No one” differ in capitals, spaces or figures alone/),
  ]);
  const many = ['a', 'b', 'c', 'd'].flatMap((name) => [name, name.toUpperCase()]);
  expect(alikeLabels(many)[0]).toContain('“c” and “C”, and 1 more differ');
  expect(alikeLabels(['1', '1.0', '2'])[0]).toContain('“1” and “1.0” differ');
  expect(alikeLabels(['a', 'b', 'ab', '1', '11'])).toEqual([]);
});
