import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readDocument } from '../../document/migrations.ts';
import type { UnrollDocument } from '../../document/schema.ts';
import type { SettingValue, VariedSetting } from '../../document/sweep-settings.ts';
import { settingTitle, variedField } from './varied-field.ts';
import { withValues } from './with-values.ts';

/** An LSTM cell of 48, a block with a normalization, and a sweep of the cell's kind. */
function saved(): UnrollDocument {
  const read = readDocument(readFileSync(new URL('../../document/fixtures/version-5.unroll.json', import.meta.url)));
  if (!read.ok) throw new Error(read.message);
  return read.document;
}
const any = { kind: 'choices', values: [0] } as const satisfies VariedSetting['range'] as VariedSetting['range'];
const at = (node: string | null, field: string, block?: string): VariedSetting => ({
  node,
  field,
  range: any,
  ...(block === undefined ? {} : { block }),
});
function filled(entries: readonly (readonly [VariedSetting, SettingValue])[]): UnrollDocument {
  const result = withValues(
    saved(),
    entries.map(([setting]) => setting),
    entries.map(([, value]) => value),
  );
  if (!result.ok) throw new Error(result.message);
  return result.document;
}

it('fills in a node’s setting, one in a block’s definition, and one of training, and leaves the rest', () => {
  const document = filled([
    [at('cell', 'hidden'), 20],
    [at('norm', 'epsilon', 'stage'), 0.001],
    [at(null, 'learningRate'), 0.03],
    [at(null, 'clipNorm'), null],
  ]);
  const before = saved();
  expect(document.nodes.find(({ id }) => id === 'cell')?.params).toEqual({ hidden: 20, forgetBias: 1 });
  expect(document.blocks[0]?.nodes.find(({ id }) => id === 'norm')?.params).toMatchObject({ epsilon: 0.001 });
  expect(document.training).toEqual({ ...before.training, learningRate: 0.03, clipNorm: null });
  expect({ ...document, nodes: 0, blocks: 0, training: 0 }).toEqual({ ...before, nodes: 0, blocks: 0, training: 0 });
});

it('another kind of cell keeps what both kinds have, whatever the order of the settings', () => {
  const document = filled([
    [at('cell', 'hidden'), 20],
    [at('cell', 'kind'), 'gru-cell'],
  ]);
  expect(document.nodes.find(({ id }) => id === 'cell')).toMatchObject({
    kind: 'gru-cell',
    label: 'memory',
    params: { hidden: 20 },
  });
  expect(document.nodes.find(({ id }) => id === 'cell')?.params).not.toHaveProperty('forgetBias');
});

it('another optimizer begins at its defaults, and takes settings of its own', () => {
  const document = filled([
    [at(null, 'optimizer.decay'), 0.5],
    [at(null, 'optimizer.kind'), 'rmsprop'],
    [at(null, 'schedule.kind'), 'step'],
  ]);
  expect(document.training.optimizer).toEqual({ kind: 'rmsprop', decay: 0.5, momentum: 0, epsilon: 1e-8 });
  expect(document.training.schedule).toEqual({ kind: 'step', every: 1, factor: 0.5 });
});

it('says which setting of training refuses its value', () => {
  expect(withValues(saved(), [at(null, 'batchSize')], [0.5])).toMatchObject({
    ok: false,
    message: expect.stringContaining('batchSize'),
  });
});

it('finds every setting of a node and of training, with its limits and what it is now', () => {
  const document = saved();
  expect(variedField(document, at('cell', 'hidden'))).toMatchObject({ ok: true, integer: true, value: 48, owner: 'memory' });
  expect(variedField(document, at('cell', 'kind'))).toMatchObject({ ok: true, value: 'lstm-cell' });
  expect(variedField(document, at('norm', 'epsilon', 'stage'))).toMatchObject({ ok: true, integer: false });
  expect(variedField(document, at('stages', 'repeat'))).toMatchObject({ ok: true, integer: true, value: 2 });
  expect(variedField(document, at(null, 'clipNorm'))).toMatchObject({ ok: true, integer: false, value: 5 });
  expect(variedField(document, at(null, 'optimizer.beta1'))).toMatchObject({ ok: true, value: 0.9 });
  expect(settingTitle(document, at(null, 'learningRate'))).toBe('learning rate');
  expect(settingTitle(document, at('cell', 'hidden'))).toBe('memory · width');
});

it('tells what is not there, and what is', () => {
  const document = saved();
  const refused = (place: VariedSetting) => {
    const field = variedField(document, place);
    if (field.ok) throw new Error('expected none');
    return `${field.message} ${field.fix}`;
  };
  expect(refused(at('gone', 'hidden'))).toContain('“gone”');
  expect(refused(at('norm', 'epsilon'))).toContain('“norm”');
  expect(refused(at('embedding', 'depth'))).toMatch(/Embedding has no setting “depth”.*width/);
  // The sweep tries a GRU, too, which has no forget gate.
  expect(refused(at('cell', 'forgetBias'))).toMatch(/GRU cell has no setting “forgetBias”.*hidden.*kind/);
  expect(refused(at(null, 'seed'))).toContain('seeds');
  expect(refused(at(null, 'optimizer.momentum'))).toMatch(/adamw has no setting “momentum”.*optimizer.beta1/);
  expect(refused(at(null, 'optimizer'))).toContain('optimizer.kind');
  expect(refused(at('embedding', 'kind'))).toContain('“kind”');
});
