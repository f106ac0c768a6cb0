import { Files } from 'lucide-react';
import { useState } from 'react';
import type { DataSource } from '../../engine/document/data-binding.ts';
import { sourceFiles, sourceOf } from '../../engine/document/data-files.ts';
import { byParts } from '../../engine/document/split-names.ts';
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
  const used = sourceFiles(source);
  const named = source.splitFiles !== undefined || (source.reader.splitColumn ?? null) !== null;
  const beside = preview.beside.filter(
    ({ path, split }) => !used.some((file) => file.path === path) && !(named && split !== 'train'),
  );
  if (preview.path !== source.path || beside.length === 0 || refused === source.path) return null;
  const take = (): void => {
    const files = [...used, ...beside.map(({ path, split }) => ({ path, role: split }))];
    const roles = beside.map(({ split }) => split);
    if (new Set(roles).size < roles.length || roles.includes('train'))
      useOwnSplits.setState({ files: files.toSorted((a, b) => byParts(a.path, b.path)) });
    else changeBinding({ source: { kind: 'file', ...sourceOf(files), reader: source.reader } });
  };
  const parts = beside.filter(({ split }) => split === 'train').length;
  const files = [
    ...(parts === 0 ? [] : [`${parts} further ${parts === 1 ? 'part' : 'parts'} of it`]),
    ...beside.flatMap(({ path, split }) => (split === 'train' ? [] : [`“${fileName(path)}” (${split})`])),
  ];
  const several = beside.length > 1;
  return (
    <div className="beside-note" role="status">
      <Files size={15} aria-hidden />
      <span>
        Beside this file {several ? 'lie' : 'lies'} {new Intl.ListFormat('en').format(files)}
        {parts === beside.length ? ', by' : ': by'} {several ? 'their names' : 'its name'}
        {parts === beside.length ? '' : ', this corpus brings its own splits'}. Not used yet.
      </span>
      <Button size="small" onClick={take}>
        Use {several ? 'them' : 'it'}
      </Button>
      <Button size="small" variant="quiet" onClick={() => setRefused(source.path)}>
        No
      </Button>
    </div>
  );
}
