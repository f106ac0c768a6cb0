import type { DataSource } from '../../engine/document/data-binding.ts';
import { EntryField } from './entry-field.tsx';
import { changeBinding } from './store.ts';

/** Files that the data brings for validation and test; without one, the split is cut from the training file. */
export function SplitFilesForm({ source }: { readonly source: Extract<DataSource, { kind: 'file' }> }) {
  const { splitFiles, ...kept } = source;
  const choose = (role: 'validation' | 'test', path: string): void => {
    const { [role]: _before, ...others } = splitFiles ?? {};
    const next = path.trim() === '' ? others : { ...others, [role]: path.trim() };
    changeBinding({ source: Object.keys(next).length === 0 ? kept : { ...kept, splitFiles: next } });
  };
  const fields = [
    { role: 'validation', label: 'Validation file' },
    { role: 'test', label: 'Test file' },
  ] as const;
  return fields.map(({ role, label }) => (
    <EntryField
      key={role}
      label={label}
      help="Read like the training file. Empty: cut from it by the share."
      value={splitFiles?.[role] ?? ''}
      longest={4096}
      placeholder="cut from training"
      onEnter={(path) => choose(role, path)}
    />
  ));
}
