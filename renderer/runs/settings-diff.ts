import type { UnrollDocument } from '../../engine/document/schema.ts';
import { listSettings, type Setting } from '../../engine/graph/settings-list.ts';

export interface SettingsRow extends Pick<Setting, 'group' | 'setting'> {
  /** One value per document, in order; a dash where the document has no such thing. */
  readonly values: readonly string[];
}

const absent = '–';

/** The settings in which documents differ. */
export function diffDocuments(documents: readonly UnrollDocument[]): SettingsRow[] {
  const settings = documents.map(listSettings);
  const keys = new Map<string, Pick<SettingsRow, 'group' | 'setting'>>();
  const maps = settings.map((list) => new Map(list.map((s) => [`${s.group} ${s.setting}`, s.value])));
  for (const { group, setting } of settings.flat()) keys.set(`${group} ${setting}`, { group, setting });
  const rows: SettingsRow[] = [];
  for (const [key, { group, setting }] of keys) {
    const values = maps.map((map) => map.get(key) ?? absent);
    if (new Set(values).size > 1) rows.push({ group, setting, values });
  }
  const order = ['Graph', 'Training', 'Data'];
  return rows.sort((a, b) => order.indexOf(a.group) - order.indexOf(b.group));
}
