import { Check, Copy, Server, X } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { Failure } from '../../engine/protocol/envelope.ts';
import { machineHost } from '../../engine/protocol/machine.ts';
import { engine, failureOf } from '../bridge/engine.ts';
import { useMachine } from '../bridge/machine.ts';
import { useAnswer } from '../bridge/use-answer.ts';
import { announce, useUiStore } from '../store/ui-store.ts';
import { FailureNote } from '../training/failure-note.tsx';
import { useTrainingStore } from '../training/store.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Spinner } from '../ui/spinner.tsx';
import { TextField } from '../ui/text-field.tsx';
import './connect-dialog.css';

/** Asks for a machine, and joins the window to the engine there. */
export function ConnectDialog() {
  const open = useUiStore((s) => s.dialog === 'connect');
  return open ? <Connect /> : null;
}

const close = (): void => useUiStore.getState().openDialog(null);

function Connect() {
  const state = useMachine((s) => s.state);
  const [host, setHost] = useState('');
  const [failure, setFailure] = useState<Failure | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const [asked, setAsked] = useState(0);
  const known = useAnswer(`machines ${asked}`, () => engine.call('machine.list', {}));
  const training = useTrainingStore((s) => s.runs.find(({ status }) => status === 'running') ?? null);
  const connecting = state.kind === 'connecting' ? state : null;

  const connect = async (wanted: string): Promise<void> => {
    const name = machineHost.safeParse(wanted.trim());
    setFailure(null);
    setWrong(name.success ? null : (name.error.issues[0]?.message ?? 'Expected a machine’s name.'));
    if (!name.success) return;
    setHost(name.data);
    try {
      await engine.call('machine.connect', { host: name.data });
      announce(`Connected to ${name.data}.`);
      if (useUiStore.getState().dialog === 'connect') close();
    } catch (error) {
      const told = failureOf(error);
      if (told.code !== 'cancelled') setFailure(told);
    }
  };
  const cancel = (): void => {
    if (connecting === null) close();
    else void engine.call('machine.disconnect', {}).catch(() => undefined);
  };
  const forget = (name: string): void => {
    engine.call('machine.forget', { host: name }).then(
      () => setAsked((before) => before + 1),
      (error: unknown) => setFailure(failureOf(error)),
    );
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (connecting === null) void connect(host);
  };
  const machines = known.result?.machines ?? [];
  return (
    <Dialog
      open
      onOpenChange={(next) => {
        if (!next) cancel();
        if (!next && connecting !== null) close();
      }}
      title="Connect to a machine"
      description="Data, training and runs are on that machine then, and go on there when the connection is away. Your document stays here. The way there is your own ssh."
      actions={
        <>
          <Button onClick={cancel}>Cancel</Button>
          <Button variant="primary" disabled={host.trim() === '' || connecting !== null} onClick={() => void connect(host)}>
            Connect
          </Button>
        </>
      }
    >
      <form onSubmit={submit}>
        <Field
          label="Machine"
          stacked
          error={wrong}
          help="As after ssh: a name of your ssh configuration, or user@host, with :port where needed."
        >
          {(control) => (
            <TextField
              {...control}
              value={host}
              autoComplete="off"
              placeholder="gpu-box"
              disabled={connecting !== null}
              onChange={(event) => {
                setHost(event.target.value);
                setWrong(null);
              }}
            />
          )}
        </Field>
      </form>
      {machines.length > 0 && (
        <section aria-label="Machines">
          <ul className="connect__list">
            {machines.map(({ host: name, used }) => (
              <li key={name}>
                <button
                  type="button"
                  className="connect__machine"
                  disabled={connecting !== null}
                  aria-label={`Connect to ${name}`}
                  onClick={() => void connect(name)}
                >
                  <Server size={15} aria-hidden />
                  <span className="connect__name">{name}</span>
                  <span className="connect__from">{used ? 'used before' : 'ssh configuration'}</span>
                </button>
                {used && (
                  <IconButton size="small" label={`Forget ${name}`} onClick={() => forget(name)}>
                    <X size={14} aria-hidden />
                  </IconButton>
                )}
              </li>
            ))}
          </ul>
        </section>
      )}
      {training && connecting === null && (
        <p className="connect__note">“{training.name}” goes on training on this computer. It is shown again when you are back.</p>
      )}
      {connecting && <Spinner label={connecting.step} />}
      {failure && connecting === null && (
        <div className="connect__failure">
          <FailureNote failure={failure} />
          {failure.command !== undefined && <CommandToRun command={failure.command} />}
        </div>
      )}
    </Dialog>
  );
}

/** A command to be run in a terminal, and a button that copies it. */
function CommandToRun({ command }: { readonly command: string }) {
  const [copied, setCopied] = useState(false);
  const copy = (): void => {
    navigator.clipboard.writeText(command).then(
      () => {
        setCopied(true);
        announce('Copied.');
      },
      () => undefined, // it can be marked and copied by hand
    );
  };
  return (
    <div className="connect__command">
      <code>{command}</code>
      <Button size="small" onClick={copy}>
        {copied ? <Check size={13} aria-hidden /> : <Copy size={13} aria-hidden />} {copied ? 'Copied' : 'Copy'}
      </Button>
    </div>
  );
}
