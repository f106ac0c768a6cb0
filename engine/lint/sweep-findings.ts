import type { UnrollDocument } from '../document/schema.ts';
import { type SettingValue, type SweepSettings, sameSetting, type VariedSetting } from '../document/sweep-settings.ts';
import { axisOf, combinations } from '../graph/sweep/axis.ts';
import { settingTitle, type VariedField, variedField } from '../graph/sweep/varied-field.ts';
import type { Finding } from './finding.ts';

/** What keeps a sweep from starting, each with its node and its fix; nothing for a document that varies nothing. A plain training does not mind. */
export function sweepFindings(document: UnrollDocument): readonly Finding[] {
  const { settings, together } = sweepProblems(document);
  return [...settings, ...together];
}

/** The same: what is wrong with single settings, and where those are right, with all of them together. */
export function sweepProblems(document: UnrollDocument): {
  readonly settings: readonly Finding[];
  readonly together: readonly Finding[];
} {
  const { sweep } = document;
  if (sweep === undefined || sweep.vary.length === 0) return { settings: [], together: [] };
  const settings = sweep.vary.flatMap((setting) => settingFindings(document, setting));
  return { settings, together: settings.length > 0 ? [] : budgetFindings(document, sweep) };
}

/** What is wrong with one of the document's varied settings. */
export function settingFindings(document: UnrollDocument, setting: VariedSetting): readonly Finding[] {
  const { sweep } = document;
  const title = settingTitle(document, setting);
  const tell = (message: string, fix: string): Finding[] => [fault(document, setting, `${title}: ${message}`, fix)];
  if ((sweep?.vary.filter((other) => sameSetting(other, setting)).length ?? 0) > 1)
    return tell('it is varied twice', 'Take one of the two out of the sweep.');
  const field = variedField(document, setting);
  if (!field.ok) return tell(field.message, field.fix);
  const { range } = setting;
  if (range.kind !== 'choices' && range.from > range.to)
    return tell(`the range runs from ${range.from} down to ${range.to}`, 'Exchange its ends.');
  if (range.kind === 'choices' && new Set(range.values).size < range.values.length)
    return tell('a value stands among its choices twice', 'Name each value once.');
  for (const value of probes(setting, field)) {
    const message = refusal(field, value);
    if (message !== null) return tell(`${JSON.stringify(value)} is no value it can have: ${message}`, fixOf(range.kind));
  }
  if (sweep?.method === 'grid' && axisOf(range, field.integer).kind === 'between')
    return tell('a grid needs steps, and this range has none', 'Give it a step or choices, or use random or optuna.');
  return [];
}

const fixOf = (kind: VariedSetting['range']['kind']): string =>
  kind === 'choices' ? 'Take this value out, or change it.' : 'Change the ends of the range, or its step.';

/** Values that tell whether all of a range can be taken: all of a list, of other ranges the ends and what lies between. */
function probes({ range }: VariedSetting, { integer }: VariedField): readonly SettingValue[] {
  if (range.kind === 'choices') return range.values;
  const { from, to } = range;
  const axis = axisOf(range, integer);
  // The first value of a list may have been rounded; its last one is the likeliest to be beyond a limit.
  if (axis.kind === 'list') return [from, ...axis.values.slice(-1), ...axis.values];
  return [from, to, integer ? Math.min(to, from + 1) : (from + to) / 2];
}

function refusal({ schemas }: VariedField, value: SettingValue): string | null {
  for (const schema of schemas) {
    const parsed = schema.safeParse(value);
    if (!parsed.success) return parsed.error.issues[0]?.message ?? 'it is not valid';
  }
  return null;
}

function budgetFindings(document: UnrollDocument, { vary, method, trials }: SweepSettings): Finding[] {
  if (method !== 'grid') return [];
  const axes = vary.flatMap((setting) => {
    const field = variedField(document, setting);
    return field.ok ? [axisOf(setting.range, field.integer)] : [];
  });
  const all = combinations(axes) ?? 0;
  if (all <= trials) return [];
  return [
    fault(
      document,
      null,
      `the grid has ${all.toLocaleString('en')} combinations, more than the ${trials.toLocaleString('en')} trials of the budget`,
      `Raise the trials to ${all.toLocaleString('en')}, take wider steps, or use random.`,
    ),
  ];
}

/** On the node where it is on the document's canvas; one inside of a block is named in the message. */
function fault(document: UnrollDocument, setting: VariedSetting | null, message: string, fix: string): Finding {
  const onCanvas = setting?.block === undefined && document.nodes.some(({ id }) => id === setting?.node);
  const node = onCanvas ? (setting?.node ?? null) : null;
  return { severity: 'error', node, edge: null, message: `sweep: ${message}`, fix, remedy: null };
}
