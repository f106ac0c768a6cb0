import { ArrowUp, File, Folder } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { MethodResult } from '../../engine/protocol/contract.ts';
import { engine, failureOf, useConnection } from '../bridge/engine.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { TextField } from '../ui/text-field.tsx';
import './file-picker.css';
import { useFilePicker } from './file-picker-store.ts';

type Listing = MethodResult<'files.list'>;

let lastDirectory: string | null = null;
const join = (directory: string, name: string): string => {
  const separator = directory.includes('\\') ? '\\' : '/';
  return directory.endsWith(separator) ? directory + name : directory + separator + name;
};
const isPath = (text: string): boolean => text.startsWith('/') || text.startsWith('~') || /^[A-Za-z]:[\\/]/.test(text);

export function FilePicker() {
  const pending = useFilePicker((s) => s.pending);
  return pending ? <OpenPicker key={pending.title + pending.purpose} /> : null;
}

/** Folders and files of the engine's machine, where there are no native dialogs. */
function OpenPicker() {
  const pending = useFilePicker((s) => s.pending);
  const hello = useConnection((s) => s.hello);
  const [directory, setDirectory] = useState(lastDirectory ?? hello?.documents ?? '.');
  const [listing, setListing] = useState<Listing | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [name, setName] = useState(pending?.suggested ?? '');
  const [replacing, setReplacing] = useState(false);

  useEffect(() => {
    let live = true;
    engine.call('files.list', { directory }).then(
      (result) => {
        if (!live) return;
        lastDirectory = result.directory;
        setListing(result);
        setError(null);
      },
      (reason: unknown) => {
        if (!live) return;
        // A computer without a folder for documents: begin at home.
        if (hello && directory === hello.documents && directory !== hello.home) setDirectory(hello.home);
        else setError(failureOf(reason).message);
      },
    );
    return () => {
      live = false;
    };
  }, [directory, hello]);

  if (!pending) return null;
  const { purpose, endings } = pending;
  const fits = (file: string): boolean => !endings?.length || endings.some((ending) => file.toLowerCase().endsWith(`.${ending}`));
  const entries = (listing?.entries ?? []).filter((e) => e.kind === 'directory' || (purpose !== 'directory' && fits(e.name)));
  const finish = (): void => {
    const text = name.trim();
    const base = listing?.directory ?? directory;
    if (text === '' && purpose !== 'directory') return;
    const path = text === '' ? base : isPath(text) ? text : join(base, text);
    if (purpose === 'save' && !replacing && entries.some((e) => e.name === text)) {
      setReplacing(true);
      return;
    }
    pending.answer(path, replacing);
  };
  const action = purpose === 'save' ? (replacing ? 'Replace' : 'Save') : purpose === 'directory' ? 'Choose this folder' : 'Open';
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && pending.answer(null)}
      title={pending.title}
      actions={
        <>
          <Button onClick={() => pending.answer(null)}>Cancel</Button>
          <Button variant="primary" onClick={finish} disabled={purpose !== 'directory' && name.trim() === ''}>
            {action}
          </Button>
        </>
      }
    >
      <div className="picker__place">
        <IconButton
          label="Folder above"
          size="small"
          disabled={!listing?.parent}
          onClick={() => listing?.parent && setDirectory(listing.parent)}
        >
          <ArrowUp size={15} aria-hidden />
        </IconButton>
        <span className="picker__path">{listing?.directory ?? directory}</span>
      </div>
      {error !== null && (
        <p className="picker__error" role="alert">
          {error}
        </p>
      )}
      <ul className="picker__list" aria-label="Files">
        {entries.map((entry) => (
          <li key={entry.path}>
            <button
              type="button"
              className="picker__entry"
              aria-current={entry.name === name ? 'true' : undefined}
              onClick={() => {
                setReplacing(false);
                if (entry.kind === 'directory') setDirectory(entry.path);
                else setName(entry.name);
              }}
              onDoubleClick={() => entry.kind === 'file' && purpose === 'open' && pending.answer(entry.path)}
            >
              {entry.kind === 'directory' ? <Folder size={15} aria-label="Folder" /> : <File size={15} aria-hidden />}
              <span className="picker__name">{entry.name}</span>
              {entry.kind === 'file' && <span className="picker__size">{size(entry.bytes)}</span>}
            </button>
          </li>
        ))}
        {listing && entries.length === 0 && <li className="picker__none">Nothing here that can be chosen.</li>}
      </ul>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          finish();
        }}
      >
        <Field
          stacked
          label={purpose === 'directory' ? 'New folder or path (optional)' : 'File name or path'}
          error={replacing ? 'A file of this name exists. Press Replace to overwrite it.' : null}
        >
          {(control) => (
            <TextField
              {...control}
              value={name}
              onChange={(event) => {
                setReplacing(false);
                setName(event.target.value);
              }}
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}

function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 ** 2) return `${Math.round(bytes / 1024)} kB`;
  return `${(bytes / 1024 ** 2).toFixed(1)} MB`;
}
