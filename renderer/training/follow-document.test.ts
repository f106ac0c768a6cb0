import { afterEach, beforeEach, expect, it } from 'vitest';
import { node, wire } from '../../engine/document/fixtures/graph-literals.ts';
import { emptyDocument } from '../../engine/document/schema.ts';
import type { RunSummary } from '../../engine/protocol/runs.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { followDocument, graphDifferences } from './follow-document.ts';
import { useTrainingStore } from './store.ts';

const run = (status: RunSummary['status']): RunSummary => ({
  id: 'r1',
  name: 'Run',
  documentName: 'a',
  status,
  created: 1,
  seconds: 1,
  epoch: 1,
  epochs: 1,
  step: 1,
  totalSteps: 1,
  backend: 'wasm',
  device: 'WASM',
  headline: { metric: 'accuracy', higherIsBetter: true, baseline: 0.5, baselineName: 'most frequent' },
  best: null,
  validation: null,
  parameters: 1,
  message: null,
});

let end: () => void;
beforeEach(() => {
  end = followDocument();
});
afterEach(() => end());

it('another document does not show the run of the one before', () => {
  useTrainingStore.setState({ runs: [run('done')], active: 'r1' });
  useDocumentStore.getState().setName('an edit changes nothing');
  expect(useTrainingStore.getState().active).toBe('r1');
  useDocumentStore.getState().load({ document: emptyDocument('b'), path: null });
  expect(useTrainingStore.getState().active).toBeNull();
});

it('a run that trains stays in sight', () => {
  useTrainingStore.setState({ runs: [run('running')], active: 'r1' });
  useDocumentStore.getState().load({ document: emptyDocument('b'), path: null });
  expect(useTrainingStore.getState().active).toBe('r1');
});

it('another graph is one with other layers, settings or wires; not other places, labels or training', () => {
  const dropout = node('d', 'dropout', { rate: 0.1 });
  const trained = { ...emptyDocument(), nodes: [node('e', 'embedding'), dropout], edges: [wire('e.output > d.input')] };
  const moved = { ...dropout, label: 'mine', position: { x: 9, y: 9 } };
  expect(graphDifferences(trained, { ...trained, nodes: [node('e', 'embedding'), moved] })).toEqual([]);
  expect(graphDifferences(trained, { ...trained, training: { ...trained.training, epochs: 99 } })).toEqual([]);
  expect(graphDifferences(trained, { ...trained, edges: [] })).toHaveLength(1);
  const other = node('d', 'dropout', { rate: 0.7 });
  expect(graphDifferences(trained, { ...trained, nodes: [node('e', 'embedding'), other] })[0]?.values).toEqual(['0.1', '0.7']);
});
