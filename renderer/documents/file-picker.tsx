import { ArrowUp, File, Folder, Server } from 'lucide-react';
import { useEffect, useState } from 'react';
import { byteWords } from '../../engine/protocol/byte-words.ts';
import type { MethodResult } from '../../engine/protocol/contract.ts';
import { engine, failureOf, useConnection, useEngineEvent } from '../bridge/engine.ts';
import { farHost, useMachine } from '../bridge/machine.ts';
import { shell } from '../bridge/shell-link.ts';
import { asFarFiles } from '../machine/actions.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Progress } from '../ui/progress.tsx';
import { Switch } from '../ui/switch.tsx';
import { TextField } from '../ui/text-field.tsx';
import './file-picker.css';
import { useFilePicker } from './file-picker-store.ts';

type Listing = MethodResult<'files.list'>;

/** Where it was last looked, by machine. */
const lastDirectories = new Map<string, string>();
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

/** Folders and files of a machine: of this one where there are no native dialogs, and of the one that the engine is on. */
function OpenPicker() {
  const pending = useFilePicker((s) => s.pending);
  const hello = useConnection((s) => s.hello);
  const machine = useMachine((s) => s.state);
  const host = farHost(machine);
  // A file of this computer is sent to the machine that is to read it.
  const [sending, setSending] = useState(false);
  const [busy, setBusy] = useState(false);
  const [progress, setProgress] = useState<{ readonly name: string; readonly fraction: number } | null>(null);
  useEngineEvent('machine.sending', setProgress);
  const here = host === null || pending?.here === true || sending;
  const place = here ? '' : host;
  const far = machine.kind === 'there' || machine.kind === 'away' ? machine : null;
  const start = here ? hello : far;
  const [directories, setDirectories] = useState<ReadonlyMap<string, string>>(new Map());
  const directory = directories.get(place) ?? lastDirectories.get(place) ?? start?.documents ?? '.';
  const setDirectory = (to: string): void => setDirectories((before) => new Map(before).set(place, to));
  const [listing, setListing] = useState<Listing | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [name, setName] = useState(pending?.suggested ?? '');
  const [replacing, setReplacing] = useState(false);
  const [everything, setEverything] = useState(false);

  const [home, documents] = [start?.home, start?.documents];
  useEffect(() => {
    let live = true;
    engine.call('files.list', { directory, ...(here ? { here } : {}) }).then(
      (result) => {
        if (!live) return;
        lastDirectories.set(place, result.directory);
        setListing(result);
        setError(null);
        const { pending: asked } = useFilePicker.getState();
        if (asked?.names) setName(missing(asked.names, result).length === 0 ? inQuotes(asked.names) : '');
      },
      (reason: unknown) => {
        if (!live) return;
        // A computer without a folder for documents: begin at home.
        if (home !== undefined && directory === documents && directory !== home)
          setDirectories((before) => new Map(before).set(place, home));
        else setError(failureOf(reason).message);
      },
    );
    return () => {
      live = false;
    };
  }, [directory, here, place, home, documents]);

  if (!pending) return null;
  const { purpose, endings, several, names } = pending;
  const fits = (file: string): boolean =>
    everything || !endings?.length || endings.some((ending) => file.toLowerCase().endsWith(`.${ending}`));
  const entries = (listing?.entries ?? []).filter((e) => e.kind === 'directory' || (purpose !== 'directory' && fits(e.name)));
  const chosen = namesIn(name.trim(), several);
  const toggled = (file: string): string[] =>
    chosen.includes(file) ? chosen.filter((one) => one !== file) : [...chosen.filter((one) => one !== ''), file];
  const send = async (paths: readonly string[]): Promise<void> => {
    setBusy(true);
    const sent = await asFarFiles(paths);
    setBusy(false);
    setProgress(null);
    // It may have been closed, and another one opened.
    if (sent.length > 0 && useFilePicker.getState().pending === pending) pending.answer(sent);
  };
  const answer = (paths: readonly string[], replace = false): void => {
    if (sending) void send(paths);
    else pending.answer(paths, replace);
  };
  /** Files of this computer, by its own dialogs where there are some. */
  const browseHere = async (): Promise<void> => {
    if (!shell) {
      setName('');
      setListing(null);
      setSending(!sending);
      return;
    }
    const options = { title: pending.title, endings: endings ?? [] };
    const paths = several ? await shell.openFiles(options) : [await shell.openFile(options)].filter((path) => path !== null);
    if (paths.length > 0) await send(paths);
  };
  const leave = (): void => {
    if (busy) void engine.call('machine.cancelSend', {}).catch(() => undefined);
    pending.answer(null);
  };
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
      engine.call('files.list', { directory: first, ...(here ? { here } : {}) }).then(
        () => {
          setName('');
          setDirectory(first);
        },
        () => answer(paths),
      );
    else answer(paths, replacing);
  };
  const action = sending
    ? 'Send'
    : purpose === 'save'
      ? replacing
        ? 'Replace'
        : 'Save'
      : purpose === 'directory'
        ? 'Choose this folder'
        : 'Open';
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && leave()}
      title={pending.title}
      actions={
        <>
          <Button onClick={leave}>Cancel</Button>
          <Button variant="primary" onClick={finish} disabled={busy || (purpose !== 'directory' && name.trim() === '')}>
            {action}
          </Button>
        </>
      }
    >
      {host !== null && pending.here !== true && (
        <div className="picker__machine">
          <Server size={15} aria-hidden />
          <span>{sending ? `Files of this computer, which are sent to ${host}` : `Files on ${host}`}</span>
          {purpose === 'open' && (
            <Button size="small" disabled={busy} onClick={() => void browseHere()}>
              {sending ? `Choose on ${host}` : 'Send from this computer…'}
            </Button>
          )}
        </div>
      )}
      {busy && <Progress label={`Sending ${progress?.name ?? ''}`} value={progress?.fraction ?? null} />}
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
              onDoubleClick={() => entry.kind === 'file' && purpose === 'open' && answer([entry.path])}
            >
              {entry.kind === 'directory' ? <Folder size={15} aria-label="Folder" /> : <File size={15} aria-hidden />}
              <span className="picker__name">{entry.name}</span>
              {entry.kind === 'file' && <span className="picker__size">{byteWords(entry.bytes)}</span>}
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
              // The list is not there yet; before it stands only what filters it.
              data-first-focus={purpose === 'directory' ? undefined : true}
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
