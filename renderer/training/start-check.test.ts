import { beforeEach, expect, it } from 'vitest';
import { dataBinding } from '../../engine/document/data-binding.ts';
import { emptyDocument } from '../../engine/document/schema.ts';
import { type Finding, warning } from '../../engine/lint/finding.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { confirmStart, startWarnings, useStartCheck } from './start-check.ts';

const document = emptyDocument('words');
const reading = (path: string) => ({
  ...document,
  data: dataBinding.parse({ source: { kind: 'file', path, reader: { format: 'text' } }, task: 'language-model' }),
});
const error: Finding = { ...warning('a', 'no head', '', null), severity: 'error' };
const question = () => useStartCheck.getState().question;
const show = (...problems: Finding[]): void =>
  useDocumentStore.setState((s) => ({ meaning: { ...s.meaning, problems }, whole: document }));
const stillAsking = Symbol();
const answered = (asked: Promise<boolean>): Promise<boolean | symbol> => Promise.race([asked, Promise.resolve(stillAsking)]);

beforeEach(() => useStartCheck.setState({ question: null }));

it('warnings are worth a thought, and weights of another vocabulary', () => {
  const own = warning('a', 'wide', '', null);
  expect(startWarnings([error, own], document, null)).toEqual([own]);
  expect(startWarnings([], reading('a.txt'), reading('a.txt'))).toEqual([]);
  expect(startWarnings([own], reading('a.txt'), reading('b.txt')).map(({ message }) => message)).toEqual([
    'wide',
    expect.stringContaining('b.txt'),
  ]);
});

it('a run starts at once where nothing is worth a warning', async () => {
  show(error);
  expect(await confirmStart(null)).toBe(true);
  expect(question()).toBeNull();
});

it('it is asked about each warning until a run was started with it', async () => {
  show(warning('a', 'deep', '', null));
  const refused = confirmStart(null);
  question()?.answer(false);
  expect(await refused).toBe(false);
  expect(question()).toBeNull();
  const taken = confirmStart(null);
  expect(await answered(taken)).toBe(stillAsking);
  question()?.answer(true);
  expect(await taken).toBe(true);
  expect(await confirmStart(null)).toBe(true);
  // The same words of another node, or others of this one, are another warning.
  for (const other of [warning('b', 'deep', '', null), warning('a', 'deeper', '', null), warning('a', 'deep', '', null, 'e')]) {
    show(warning('a', 'deep', '', null), other);
    const asked = confirmStart(null);
    expect(await answered(asked)).toBe(stillAsking);
    question()?.answer(false);
    await asked;
  }
});
