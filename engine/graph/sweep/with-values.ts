import type { GraphNode, UnrollDocument } from '../../document/schema.ts';
import type { SettingValue, VariedSetting } from '../../document/sweep-settings.ts';
import { optimizerSettings, scheduleSettings, trainingSettings } from '../../document/training-settings.ts';
import { sharedSettings } from '../shared-settings.ts';

/** A document with settings filled in, or why one of them does not take its value. */
export type Filled = { readonly ok: true; readonly document: UnrollDocument } | { readonly ok: false; readonly message: string };

/**
 * The document of a trial: each varied setting has its value. A cell of another kind keeps the settings that both kinds have; an optimizer
 * or schedule of another kind begins at its defaults. Kinds are filled in first.
 *
 * @param values in the order of `vary`
 */
export function withValues(document: UnrollDocument, vary: readonly VariedSetting[], values: readonly SettingValue[]): Filled {
  const entries = vary.map((setting, i) => ({ setting, value: values[i] ?? null }));
  const isKind = ({ field }: VariedSetting): boolean => field === 'kind' || field.endsWith('.kind');
  const ordered = [...entries.filter(({ setting }) => isKind(setting)), ...entries.filter(({ setting }) => !isKind(setting))];
  let filled = document;
  let training: Record<string, unknown> = { ...document.training };
  for (const { setting, value } of ordered) {
    if (setting.node === null) training = withTraining(training, setting.field, value);
    else filled = withNode(filled, setting, value);
  }
  const parsed = trainingSettings.safeParse(training);
  if (parsed.success) return { ok: true, document: { ...filled, training: parsed.data } };
  const [issue] = parsed.error.issues;
  return { ok: false, message: `training: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'it is not valid'}` };
}

function withTraining(training: Record<string, unknown>, field: string, value: SettingValue): Record<string, unknown> {
  const [name = '', inner] = field.split('.');
  if (inner === undefined) return { ...training, [name]: value };
  if (inner !== 'kind') return { ...training, [name]: { ...(training[name] as object), [inner]: value } };
  const before = training[name] as { readonly kind: string };
  if (before.kind === value) return training;
  const settings = name === 'optimizer' ? optimizerSettings : scheduleSettings;
  return { ...training, [name]: settings.safeParse({ kind: value }).data ?? { kind: value } };
}

function withNode(document: UnrollDocument, { node: id, block, field }: VariedSetting, value: SettingValue): UnrollDocument {
  const changed = (nodes: readonly GraphNode[]): GraphNode[] =>
    nodes.map((node) => (node.id === id ? withField(node, field, value) : node));
  if (block === undefined) return { ...document, nodes: changed(document.nodes) };
  const blocks = document.blocks.map((one) => (one.id === block ? { ...one, nodes: changed(one.nodes) } : one));
  return { ...document, blocks };
}

function withField(node: GraphNode, field: string, value: SettingValue): GraphNode {
  if (field !== 'kind') return { ...node, params: { ...node.params, [field]: value } };
  const kind = String(value);
  return kind === node.kind ? node : { ...node, kind, params: sharedSettings(node, kind) };
}
