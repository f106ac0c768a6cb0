import { describe, expect, it } from 'vitest';
import { dataBinding, isRunningText } from './data-binding.ts';
import { dataInGraph } from './data-in-graph.ts';
import { node } from './fixtures/graph-literals.ts';

const fileWith = (reader: object) =>
  dataBinding.parse({
    source: { kind: 'file', path: 'a.csv', reader: { format: 'delimited', ...reader } },
    task: 'sequence-classification',
  });

describe('lists of whole numbers', () => {
  const [tokens, series] = [node('in', 'token-input'), node('numbers', 'series-input')];
  const open = fileWith({});

  it('are token ids where the graph takes tokens, and no numbers', () => {
    expect(dataInGraph({ data: open, nodes: [node('d', 'dense'), tokens] })).toEqual(fileWith({ lists: 'tokens' }));
    for (const nodes of [[], [series], [tokens, series]]) expect(dataInGraph({ data: open, nodes })).toBe(open);
  });

  it('are what the reader says they are', () => {
    for (const lists of ['numbers', 'tokens']) {
      const data = fileWith({ lists });
      expect(dataInGraph({ data, nodes: [tokens] })).toBe(data);
    }
  });

  it('are none without a file', () => {
    expect(dataInGraph({ data: null, nodes: [tokens] })).toBeNull();
    const data = dataBinding.parse({ source: { kind: 'template', name: 'x' }, task: 'forecasting' });
    expect(dataInGraph({ data, nodes: [tokens] })).toBe(data);
  });

  it('of the same data are the same object, so that nothing is read twice', () => {
    const once = dataInGraph({ data: open, nodes: [tokens] });
    expect(dataInGraph({ data: open, nodes: [tokens, node('d', 'dense')] })).toBe(once);
    expect(dataInGraph({ data: { ...open }, nodes: [tokens] })).not.toBe(once);
  });
});

it('only a language model’s one long text is a running text', () => {
  const running = (task: 'language-model' | 'step-tagging', unit: 'running' | 'line' | 'running-lines') =>
    isRunningText({ task, languageModel: { unit, chunk: 64 } });
  expect(running('language-model', 'running')).toBe(true);
  expect(running('language-model', 'line')).toBe(false);
  expect(running('language-model', 'running-lines')).toBe(false);
  expect(running('step-tagging', 'running')).toBe(false);
});
