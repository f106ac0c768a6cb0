import { useState } from 'react';
import type { MethodResult } from '../../engine/protocol/contract.ts';
import type { Failure } from '../../engine/protocol/envelope.ts';
import { failureOf } from '../bridge/engine.ts';
import { FailureNote } from '../training/failure-note.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Select } from '../ui/select.tsx';
import './import.css';
import { dismissImport, finishImport, inspectImport, useImportStore } from './import-store.ts';

/** What was found in a model from outside, and the questions that its weights leave open. */
export function ImportDialog() {
  const found = useImportStore((s) => s.found);
  return found && <FoundModel key={found.path} path={found.path} proposal={found.proposal} />;
}

interface FoundModelProps {
  readonly path: string;
  readonly proposal: MethodResult<'import.inspect'>;
}

function FoundModel({ path, proposal }: FoundModelProps) {
  const [answers, setAnswers] = useState<Readonly<Record<string, string>>>({});
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const { kind, name, layers, questions, notes } = proposal;
  const unanswered = questions.some(({ id, chosen }) => chosen === null && answers[id] === undefined);
  const answer = (id: string, value: string, decides: boolean): void => {
    // What was answered about the other order may not be asked about this one.
    const next = decides ? { [id]: value } : { ...answers, [id]: value };
    setAnswers(next);
    if (decides) void inspectImport(path, next);
  };
  const open = async (): Promise<void> => {
    setBusy(true);
    setFailure(null);
    try {
      await finishImport(path, answers);
    } catch (error) {
      setFailure(failureOf(error));
    } finally {
      setBusy(false);
    }
  };
  const description =
    kind === 'exported'
      ? 'A folder that Unroll exported: the graph, its weights and its vocabulary come back.'
      : 'A state dict: the layers follow from the names and shapes of its tensors.';
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && !busy && dismissImport()}
      title={`Import ${name}`}
      description={description}
      actions={
        <>
          <Button disabled={busy} onClick={dismissImport}>
            Cancel
          </Button>
          <Button variant="primary" disabled={busy || unanswered} onClick={() => void open()}>
            {busy ? 'Importing …' : 'Import'}
          </Button>
        </>
      }
    >
      <div className="import">
        {failure && <FailureNote failure={failure} onDismiss={() => setFailure(null)} />}
        <ul className="import__layers" aria-label="Layers">
          {layers.map((layer) => (
            <li key={layer}>
              <code>{layer}</code>
            </li>
          ))}
        </ul>
        {questions.map(({ id, label, why, options, chosen, decides = false }) => (
          <Field key={id} label={label} help={why} stacked>
            {(control) => (
              <Select
                control={control}
                value={answers[id] ?? chosen ?? ''}
                onChange={(value) => answer(id, value, decides)}
                options={options}
                placeholder="Choose …"
              />
            )}
          </Field>
        ))}
        {notes.length > 0 && (
          <section className="import__notes" aria-label="Good to know">
            <h3>Good to know</h3>
            <ul>
              {notes.map((note) => (
                <li key={note}>{note}</li>
              ))}
            </ul>
          </section>
        )}
      </div>
    </Dialog>
  );
}
