import { FolderOpen } from 'lucide-react';
import type { DataSource } from '../../engine/document/data-binding.ts';
import { sourceFiles, sourceOf } from '../../engine/document/data-files.ts';
import { chooseFile } from '../documents/choose-path.ts';
import { IconButton } from '../ui/button.tsx';
import { dataEndings } from './choose-data-file.ts';
import { EntryField } from './entry-field.tsx';
import { changeBinding } from './store.ts';

/** Files that the data brings for validation and test; without one, the split is cut from the training file. */
export function SplitFilesForm({ source }: { readonly source: Extract<DataSource, { kind: 'file' }> }) {
  const { splitFiles } = source;
  const choose = (role: 'validation' | 'test', path: string): void => {
    const others = sourceFiles(source).filter((file) => file.role !== role);
    const files = path.trim() === '' ? others : [...others, { role, path: path.trim() }];
    changeBinding({ source: { kind: 'file', ...sourceOf(files), reader: source.reader } });
  };
  const browse = async (role: 'validation' | 'test', label: string): Promise<void> => {
    const path = await chooseFile({ title: `Choose the ${label.toLowerCase()}`, endings: dataEndings });
    if (path !== null) choose(role, path);
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
      button={
        <IconButton label={`Choose the ${label.toLowerCase()}`} variant="default" onClick={() => void browse(role, label)}>
          <FolderOpen size={14} aria-hidden />
        </IconButton>
      }
      onEnter={(path) => choose(role, path)}
    />
  ));
}
