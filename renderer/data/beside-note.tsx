import { Files } from 'lucide-react';
import { useState } from 'react';
import type { DataSource } from '../../engine/document/data-binding.ts';
import type { DataPreview } from '../../engine/protocol/data.ts';
import { Button } from '../ui/button.tsx';
import './beside-note.css';
import { fileName } from './file-name.ts';
import { useOwnSplits } from './own-splits.ts';
import { changeBinding } from './store.ts';

interface BesideNoteProps {
  readonly source: Extract<DataSource, { kind: 'file' }>;
  readonly preview: DataPreview;
}

/** Offers the validation and test files that lie beside the training file. */
export function BesideNote({ source, preview }: BesideNoteProps) {
  const [refused, setRefused] = useState<string | null>(null);
  const { beside } = preview;
  const named = source.splitFiles !== undefined || (source.reader.splitColumn ?? null) !== null;
  if (preview.path !== source.path || beside.length === 0 || named || refused === source.path) return null;
  const take = (): void => {
    const several = new Set(beside.map(({ split }) => split)).size < beside.length;
    if (several)
      useOwnSplits.setState({
        files: [{ path: source.path, role: 'train' }, ...beside.map(({ path, split }) => ({ path, role: split }))],
      });
    else changeBinding({ source: { ...source, splitFiles: Object.fromEntries(beside.map(({ path, split }) => [split, path])) } });
  };
  const files = beside.map(({ path, split }) => `“${fileName(path)}” (${split})`);
  return (
    <div className="beside-note" role="status">
      <Files size={15} aria-hidden />
      <span>
        Beside this file {files.length === 1 ? 'lies' : 'lie'} {new Intl.ListFormat('en').format(files)}: by{' '}
        {files.length === 1 ? 'its name' : 'their names'}, this corpus brings its own splits. Not used yet.
      </span>
      <Button size="small" onClick={take}>
        Use {files.length === 1 ? 'it' : 'them'}
      </Button>
      <Button size="small" variant="quiet" onClick={() => setRefused(source.path)}>
        No
      </Button>
    </div>
  );
}
