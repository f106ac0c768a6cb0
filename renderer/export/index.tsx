import { CircleCheck, FolderOpen } from 'lucide-react';
import { useState } from 'react';
import { byteWords } from '../../engine/protocol/byte-words.ts';
import type { MethodResult } from '../../engine/protocol/contract.ts';
import type { Failure } from '../../engine/protocol/envelope.ts';
import type { ExportFormat } from '../../engine/protocol/export.ts';
import type { RunSummary } from '../../engine/protocol/runs.ts';
import { engine, failureOf, useConnection } from '../bridge/engine.ts';
import { chooseDirectoryHere } from '../documents/choose-path.ts';
import { RunSelect } from '../playground/run-select.tsx';
import { FailureNote } from '../training/failure-note.tsx';
import { activeRun, useTrainingStore } from '../training/store.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Segmented } from '../ui/segmented.tsx';
import { Spinner } from '../ui/spinner.tsx';
import { Switch } from '../ui/switch.tsx';
import { TextField } from '../ui/text-field.tsx';
import { CodePreview } from './code-preview.tsx';
import './export.css';
import { quoted, suggestedFolder } from './folder.ts';
import { usePreview } from './use-preview.ts';

interface ExportDialogProps {
  readonly open: boolean;
  onOpenChange(open: boolean): void;
  /** The run chosen at first; the active or newest run when missing. */
  readonly run?: string | undefined;
}

interface FormatWords {
  readonly title: string;
  readonly description: string;
  /** What to type to prove it. */
  readonly proof: string;
  readonly check: string;
}

const formats: Readonly<Record<ExportFormat, FormatWords>> = {
  pytorch: {
    title: 'Export to PyTorch',
    description: 'Readable code, weights, vocabulary, and a test that shows that both give the same numbers.',
    proof: 'python test_parity.py',
    check: 'To check that PyTorch gives the same numbers as this window:',
  },
  onnx: {
    title: 'Export to ONNX',
    description: 'One file that runs in any language and in the browser, with a test that shows that it gives the same numbers.',
    proof: 'pip install onnxruntime\npython test_parity.py',
    check: 'To check that onnxruntime gives the same numbers as this window:',
  },
};

/** Export of a run to PyTorch or ONNX, with a look at what is written first. */
export function ExportDialog({ open, onOpenChange, run: wanted }: ExportDialogProps) {
  const runs = useTrainingStore((s) => s.runs);
  const active = useTrainingStore(activeRun);
  const first = runs.find((run) => run.id === wanted) ?? active ?? runs[0];
  if (!first) {
    return (
      <Dialog open={open} onOpenChange={onOpenChange} title="Export">
        <p className="export__nothing">
          There is no trained run yet. Train the graph; then it leaves as readable PyTorch code, or as an ONNX model, with its
          weights, its vocabulary and a test that shows that both give the same numbers.
        </p>
      </Dialog>
    );
  }
  return <ExportRun open={open} onOpenChange={onOpenChange} runs={runs} first={first} />;
}

interface ExportRunProps {
  readonly open: boolean;
  onOpenChange(open: boolean): void;
  readonly runs: readonly RunSummary[];
  readonly first: RunSummary;
}

function ExportRun({ open, onOpenChange, runs, first }: ExportRunProps) {
  const documents = useConnection((s) => s.hello?.documents ?? '');
  const [chosen, setChosen] = useState(first.id);
  const run = runs.find((r) => r.id === chosen) ?? first;
  const [format, setFormat] = useState<ExportFormat>('pytorch');
  const [typed, setTyped] = useState<string | null>(null);
  const directory = typed ?? suggestedFolder(documents, run.documentName, format);
  const [overwrite, setOverwrite] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [done, setDone] = useState<ExportedProps | null>(null);
  const preview = usePreview(open ? run.id : null, format);

  const browse = async (): Promise<void> => {
    const path = await chooseDirectoryHere({ title: 'Folder for the export' });
    if (path !== null) setTyped(path);
  };
  const write = async (): Promise<void> => {
    setBusy(true);
    setFailure(null);
    try {
      const result = await engine.call(`export.${format}`, { run: run.id, directory: directory.trim(), overwrite });
      setDone({ result, format });
    } catch (error) {
      setFailure(failureOf(error));
    } finally {
      setBusy(false);
    }
  };
  if (done) {
    return (
      <Dialog
        open={open}
        onOpenChange={onOpenChange}
        title="Exported"
        wide
        actions={
          <>
            <Button onClick={() => setDone(null)}>Export again</Button>
            <Button variant="primary" onClick={() => onOpenChange(false)}>
              Done
            </Button>
          </>
        }
      >
        <Exported {...done} />
      </Dialog>
    );
  }
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={formats[format].title}
      description={formats[format].description}
      wide
      actions={
        <>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button variant="primary" disabled={busy || directory.trim() === ''} onClick={() => void write()}>
            {busy ? 'Exporting …' : 'Export'}
          </Button>
        </>
      }
    >
      <div className="export">
        {failure && <FailureNote failure={failure} onDismiss={() => setFailure(null)} />}
        <Segmented
          label="Format"
          value={format}
          onChange={(next) => {
            setFormat(next);
            setFailure(null);
          }}
          options={[
            { value: 'pytorch', label: 'PyTorch' },
            { value: 'onnx', label: 'ONNX' },
          ]}
        />
        <div className="export__run">
          <span>Run</span>
          <RunSelect
            runs={runs}
            value={run.id}
            onChange={(next) => {
              setChosen(next);
              setFailure(null);
            }}
          />
        </div>
        <Field label="Folder" stacked>
          {(control) => (
            <div className="export__folder">
              <TextField {...control} value={directory} onChange={(event) => setTyped(event.target.value)} />
              <Button onClick={() => void browse()}>
                <FolderOpen size={14} aria-hidden /> Browse…
              </Button>
            </div>
          )}
        </Field>
        <div className="export__overwrite">
          <Switch label="Replace files that are there already" checked={overwrite} onChange={setOverwrite} />
          <span aria-hidden>Replace files that are there already</span>
        </div>
        {preview.files && <CodePreview key={`${run.id} ${format}`} files={preview.files} />}
        {preview.failure && <FailureNote failure={preview.failure} />}
        {!preview.files && !preview.failure && <Spinner label="Writing the code …" />}
      </div>
    </Dialog>
  );
}

interface ExportedProps {
  readonly result: MethodResult<'export.pytorch'>;
  readonly format: ExportFormat;
}

function Exported({ result, format }: ExportedProps) {
  return (
    <div className="export">
      <p className="export__done" role="status">
        <CircleCheck size={16} aria-hidden /> {result.files.length} files in <code>{result.directory}</code>
      </p>
      <ul className="export__files">
        {result.files.map((file) => (
          <li key={file.name}>
            <code>{file.name}</code> <span>{byteWords(file.bytes)}</span>
          </li>
        ))}
      </ul>
      <p>{formats[format].check}</p>
      <pre className="export__command">{`cd ${quoted(result.directory)}\n${formats[format].proof}`}</pre>
    </div>
  );
}
