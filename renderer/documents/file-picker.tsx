import { ArrowUp, File, Folder } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { MethodResult } from '../../engine/protocol/contract.ts';
import { engine, failureOf, useConnection } from '../bridge/engine.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Switch } from '../ui/switch.tsx';
import { TextField } from '../ui/text-field.tsx';
import './file-picker.css';
import { useFilePicker } from './file-picker-store.ts';

type Listing = MethodResult<'files.list'>;

let lastDirectory: string | null = null;
const join = (directory: string, name: string): string => {
  const separator = directory.includes('\\') ? '\\' : '/';
  return directory.endsWith(separator) ? directory + name : directory + separator + name;
};
/** Several names stand in quotes, one after the other. */
const namesIn = (text: string, several: boolean): string[] =>
  several && text.startsWith('"') ? [...text.matchAll(/"([^"]+)"?/g)].map(([, name]) => name ?? '') : [text];
const inQuotes = (names: readonly string[]): string =>
  names.length === 1 ? (names[0] ?? '') : names.map((name) => `"${name}"`).join(' ');
const missing = (names: readonly string[], { entries }: Listing): string[] =>
  names.filter((name) => !entries.some((entry) => entry.name === name));
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
  const [everything, setEverything] = useState(false);

  useEffect(() => {
    let live = true;
    engine.call('files.list', { directory }).then(
      (result) => {
        if (!live) return;
        lastDirectory = result.directory;
        setListing(result);
        setError(null);
        const { pending: asked } = useFilePicker.getState();
        if (asked?.names) setName(missing(asked.names, result).length === 0 ? inQuotes(asked.names) : '');
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
  const { purpose, endings, several, names } = pending;
  const fits = (file: string): boolean =>
    everything || !endings?.length || endings.some((ending) => file.toLowerCase().endsWith(`.${ending}`));
  const entries = (listing?.entries ?? []).filter((e) => e.kind === 'directory' || (purpose !== 'directory' && fits(e.name)));
  const chosen = namesIn(name.trim(), several);
  const toggled = (file: string): string[] =>
    chosen.includes(file) ? chosen.filter((one) => one !== file) : [...chosen.filter((one) => one !== ''), file];
  const finish = (): void => {
    const text = name.trim();
    const base = listing?.directory ?? directory;
    if (text === '' && purpose !== 'directory') return;
    const paths = text === '' ? [base] : namesIn(text, several).map((one) => (isPath(one) ? one : join(base, one)));
    if (purpose === 'save' && !replacing && entries.some((e) => e.name === text)) {
      setReplacing(true);
      return;
    }
    const [first] = paths;
    // The path of a folder leads there; where one file is asked for, such as a model, it may be what is meant.
    if (several && first !== undefined && isPath(text))
      engine.call('files.list', { directory: first }).then(
        () => {
          setName('');
          setDirectory(first);
        },
        () => pending.answer(paths),
      );
    else pending.answer(paths, replacing);
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
        <span className="picker__path">
          <bdi>{listing?.directory ?? directory}</bdi>
        </span>
      </div>
      {error !== null && (
        <p className="picker__error" role="alert">
          {error}
        </p>
      )}
      {names && listing && (
        <p className="picker__note" role="status">
          {missing(names, listing).length === 0
            ? 'This is their folder.'
            : `A browser does not tell where dropped files lie: go to the folder of ${missing(names, listing).join(', ')}.`}
        </p>
      )}
      <ul className="picker__list" aria-label="Files">
        {entries.map((entry) => (
          <li key={entry.path}>
            <button
              type="button"
              className="picker__entry"
              aria-current={chosen.includes(entry.name) ? 'true' : undefined}
              onClick={(event) => {
                setReplacing(false);
                if (entry.kind === 'directory') setDirectory(entry.path);
                else if (several && (event.ctrlKey || event.metaKey || event.shiftKey)) setName(inQuotes(toggled(entry.name)));
                else setName(entry.name);
              }}
              onDoubleClick={() => entry.kind === 'file' && purpose === 'open' && pending.answer([entry.path])}
            >
              {entry.kind === 'directory' ? <Folder size={15} aria-label="Folder" /> : <File size={15} aria-hidden />}
              <span className="picker__name">{entry.name}</span>
              {entry.kind === 'file' && <span className="picker__size">{size(entry.bytes)}</span>}
            </button>
          </li>
        ))}
        {listing && entries.length === 0 && <li className="picker__none">Nothing here that can be chosen.</li>}
      </ul>
      {endings && endings.length > 0 && (
        <Field label="Show all files">
          {(control) => <Switch control={control} checked={everything} onChange={setEverything} />}
        </Field>
      )}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          finish();
        }}
      >
        <Field
          stacked
          label={purpose === 'directory' ? 'New folder or path (optional)' : 'File name or path'}
          {...(several ? { help: 'Ctrl or ⌘ and a click chooses several.' } : {})}
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
