import { CircleCheck, FolderOpen } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { MethodResult } from '../../engine/protocol/contract.ts';
import type { Failure } from '../../engine/protocol/envelope.ts';
import { type SentSize, sentWords } from '../../engine/protocol/transfer.ts';
import { engine, failureOf } from '../bridge/engine.ts';
import { chooseDirectory } from '../documents/choose-path.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { FailureNote } from '../training/failure-note.tsx';
import { cancelStart, dismissFailure, isStarting, useTrainingStore } from '../training/store.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { NumberField } from '../ui/number-field.tsx';
import { Switch } from '../ui/switch.tsx';
import { TextField } from '../ui/text-field.tsx';
import './ray-dialog.css';
import { changeTarget, closeRayDialog, isSetUp, type RayUse, takeCluster, useRayStore } from './ray-store.ts';

/** Which Ray cluster is meant, and how it is reached. */
export function RayDialog() {
  const use = useRayStore((s) => s.use);
  return use && <OpenDialog use={use} />;
}

function OpenDialog({ use }: { readonly use: RayUse }) {
  const target = useRayStore((s) => s.target);
  const starting = useTrainingStore(isStarting);
  const refused = useTrainingStore((s) => s.failure);
  const preparing = useTrainingStore((s) => s.preparing);
  const [token, setToken] = useState('');
  const [kept, setKept] = useState(false);
  const [found, setFound] = useState<MethodResult<'ray.check'> | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [busy, setBusy] = useState(false);
  const { address, workers, gpus, storage } = target;
  const shown = failure ?? refused;

  const data = useDocumentStore((s) => s.whole.data);
  const [size, setSize] = useState<SentSize | null>(null);
  useEffect(() => {
    let current = true;
    setSize(null);
    if (data !== null)
      engine.call('ray.measure', { binding: data }).then(
        (answer) => current && setSize(answer.size),
        (error: unknown) => current && setFailure(failureOf(error)),
      );
    return () => {
      current = false;
    };
  }, [data]);
  useEffect(() => {
    let current = true;
    setFound(null);
    if (address.trim() === '') setKept(false);
    else
      engine.call('ray.hasToken', { address }).then(
        (answer) => current && setKept(answer.kept),
        () => undefined,
      );
    return () => {
      current = false;
    };
  }, [address]);

  /** A token that was typed is kept before it is needed, and forgotten here. */
  const keepToken = async (): Promise<void> => {
    if (token.trim() === '') return;
    await engine.call('ray.keepToken', { address, token: token.trim() });
    setToken('');
    setKept(true);
  };
  const work = async (act: () => Promise<unknown>): Promise<void> => {
    setBusy(true);
    setFailure(null);
    dismissFailure();
    try {
      await keepToken();
      await act();
    } catch (error) {
      setFailure(failureOf(error));
    } finally {
      setBusy(false);
    }
  };
  const check = (): Promise<void> => work(async () => setFound(await engine.call('ray.check', { address })));
  const forget = (): Promise<void> =>
    work(async () => {
      await engine.call('ray.keepToken', { address, token: null });
      setKept(false);
    });
  const browse = async (): Promise<void> => {
    const path = await chooseDirectory({ title: 'Folder that the cluster sees, too' });
    if (path !== null) changeTarget({ storage: path });
  };
  const close = (): void => {
    dismissFailure();
    closeRayDialog();
  };
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && !starting && close()}
      title={use.title}
      description={use.description}
      actions={
        starting ? (
          <Button onClick={() => void cancelStart()}>Cancel the start</Button>
        ) : (
          <>
            <Button onClick={close}>Cancel</Button>
            <Button disabled={busy || address.trim() === ''} onClick={() => void check()}>
              Check the cluster
            </Button>
            <Button variant="primary" disabled={busy || !isSetUp(target)} onClick={() => void work(takeCluster)}>
              {use.action}
            </Button>
          </>
        )
      }
    >
      <div className="ray">
        {shown && (
          <FailureNote
            failure={shown}
            onDismiss={() => {
              setFailure(null);
              dismissFailure();
            }}
          />
        )}
        {found && (
          <p className="ray__found" role="status">
            <CircleCheck size={15} aria-hidden /> Ray {found.version} answers at {found.address}.
          </p>
        )}
        {starting && <p role="status">{preparing ? preparing.step : 'Packing, and sending to the cluster …'}</p>}
        {size && <p>The data that goes there: {sentWords(size).join(' ')}</p>}
        <Field
          label="Address"
          help="Of its dashboard. From another machine: ssh -L 8265:127.0.0.1:8265 HOST makes it http://127.0.0.1:8265 here, encrypted."
          stacked
        >
          {(control) => (
            <TextField
              {...control}
              value={address}
              placeholder="http://127.0.0.1:8265"
              disabled={starting}
              onChange={(event) => changeTarget({ address: event.target.value })}
            />
          )}
        </Field>
        <Field
          label="Storage"
          help="Where weights and checkpoints come back: a folder that this machine and the cluster see under the same path, or an address like s3://BUCKET/FOLDER, which needs Python’s fsspec and s3fs here and there."
          stacked
        >
          {(control) => (
            <div className="ray__row">
              <TextField
                {...control}
                value={storage}
                placeholder="/mnt/shared/runs"
                disabled={starting}
                onChange={(event) => changeTarget({ storage: event.target.value })}
              />
              <Button disabled={starting} onClick={() => void browse()}>
                <FolderOpen size={14} aria-hidden /> Browse…
              </Button>
            </div>
          )}
        </Field>
        <NumberField
          label="Workers"
          help="Processes, each with its share of every batch. The result is that of one."
          value={workers}
          min={1}
          max={1024}
          integer
          disabled={starting}
          onChange={(value) => value !== null && changeTarget({ workers: value, gpus: gpus > 0 ? value : 0 })}
        />
        <Field label="A GPU for each worker">
          {(control) => (
            <Switch
              control={control}
              checked={gpus > 0}
              disabled={starting}
              onChange={(on) => changeTarget({ gpus: on ? workers : 0 })}
            />
          )}
        </Field>
        <Field
          label="Token"
          help={
            kept
              ? 'One is kept for this cluster. It stands in no document, run or log.'
              : 'Only where the cluster asks for one. It is kept in the system’s key store, or where there is none in a file that only you may read.'
          }
          stacked
        >
          {(control) => (
            <div className="ray__row">
              <TextField
                {...control}
                type="password"
                autoComplete="off"
                value={token}
                placeholder={kept ? 'kept' : 'none'}
                disabled={starting}
                onChange={(event) => setToken(event.target.value)}
              />
              {kept && (
                <Button disabled={busy || starting} onClick={() => void forget()}>
                  Forget
                </Button>
              )}
            </div>
          )}
        </Field>
      </div>
    </Dialog>
  );
}
