import { FileUp, FolderOpen, RefreshCw, Table2 } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { DataBinding } from '../../engine/document/data-binding.ts';
import { sourceFiles } from '../../engine/document/data-files.ts';
import { dataInGraph } from '../../engine/document/data-in-graph.ts';
import { byteWords } from '../../engine/protocol/byte-words.ts';
import { SendFilesButton } from '../machine/send-files-button.tsx';
import { useDocumentStore } from '../store/document-store.ts';
import { useUiStore } from '../store/ui-store.ts';
import { FailureNote } from '../training/failure-note.tsx';
import { Button } from '../ui/button.tsx';
import { Progress } from '../ui/progress.tsx';
import { TextField } from '../ui/text-field.tsx';
import { BindingForm } from './binding-form.tsx';
import { browseForData, takeDrop } from './choose-data-file.ts';
import './data.css';
import { BesideNote } from './beside-note.tsx';
import { Examples } from './examples.tsx';
import { fileName, filesInWords } from './file-name.ts';
import { PreviewTable } from './preview-table.tsx';
import { ReaderForm } from './reader-form.tsx';
import { Report } from './report.tsx';
import { cancelPreparing, chooseFile, dismissDataFailure, prepare, useDataStore } from './store.ts';
import { taskTitle } from './tasks.ts';

/** Attach a data set to the document: choose, check, prepare, look. */
export function DataPanel() {
  const binding = useDocumentStore((s) => dataInGraph(s.whole));
  const failure = useDataStore((s) => s.failure);
  return (
    <section aria-label="Data" className="data" onDragOver={(event) => event.preventDefault()} onDrop={takeDrop}>
      {binding ? (
        <Bound binding={binding} />
      ) : (
        <div className="data__empty">
          {failure && (
            <FailureNote failure={failure} onDismiss={dismissDataFailure}>
              <SendFilesButton failure={failure} onSent={dismissDataFailure} />
            </FailureNote>
          )}
          <NoData />
        </div>
      )}
    </section>
  );
}

/** Before there is data: what can be read, and how to begin. */
function NoData() {
  return (
    <div className="data__welcome">
      <Table2 size={30} aria-hidden />
      <h2>Bring your own data</h2>
      <p>
        Drop a file here, or one each for training, validation and test, or choose them. They stay where they are and are never
        uploaded. You see how it is read before anything is trained.
      </p>
      <ChooseFile />
      <dl className="data__kinds">
        <div>
          <dt>CSV, TSV, JSON lines</dt>
          <dd>a text and its label in two columns: classify each text</dd>
        </div>
        <div>
          <dt>CoNLL columns</dt>
          <dd>a token and its tag per line, a blank line between sentences: tag each token</dd>
        </div>
        <div>
          <dt>Numeric CSV</dt>
          <dd>one row per time step: forecast the next values</dd>
        </div>
        <div>
          <dt>Two texts per row</dt>
          <dd>a text and what is to be said to it: translate, spell, answer</dd>
        </div>
        <div>
          <dt>Plain text</dt>
          <dd>a language model learns to write like it; or one example per line, starting with its label as __label__NAME</dd>
        </div>
        <div>
          <dt>Recordings, pictures, videos</dt>
          <dd>a table that names WAV, PNG or JPEG files, each with its label or text</dd>
        </div>
      </dl>
      <Button variant="quiet" onClick={() => useUiStore.getState().openDialog('templates')}>
        Or start from a template with data of its own
      </Button>
    </div>
  );
}

function ChooseFile() {
  const [path, setPath] = useState('');
  const previewing = useDataStore((s) => s.previewing);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (path.trim() !== '') void chooseFile(path.trim());
  };
  return (
    <form className="data__choose" onSubmit={submit}>
      <Button variant="primary" disabled={previewing} onClick={() => void browseForData()}>
        <FolderOpen size={14} aria-hidden /> Choose files…
      </Button>
      <TextField
        aria-label="Path of the file"
        placeholder="or paste its path"
        value={path}
        onChange={(event) => setPath(event.target.value)}
      />
      <Button type="submit" disabled={previewing || path.trim() === ''}>
        {previewing ? 'Looking …' : 'Look'}
      </Button>
    </form>
  );
}

function Bound({ binding }: { readonly binding: DataBinding }) {
  const { preview, report, reported, failure } = useDataStore();
  const [replacing, setReplacing] = useState(false);
  const { source } = binding;
  return (
    <>
      <aside className="data__aside" aria-label="Data settings">
        {source.kind === 'file' && <ReaderForm reader={source.reader} />}
        <BindingForm binding={binding} />
      </aside>
      <div className="data__main">
        <header className="data__head">
          <div className="data__source">
            <h2>{source.kind === 'file' ? fileName(source.path) : `${source.name} template`}</h2>
            <p title={source.kind === 'file' ? source.path : 'made by the template'}>
              {source.kind === 'file'
                ? `${source.path}${preview ? ` · ${byteWords(preview.bytes)}` : ''}`
                : 'made by the template'}
              {' · '}
              {taskTitle(binding.task)}
            </p>
            {sourceFiles(source).length > 1 && (
              <p
                title={sourceFiles(source)
                  .map(({ role, path }) => `${role}: ${path}`)
                  .join('\n')}
              >
                {filesInWords(source)}
              </p>
            )}
          </div>
          <Button onClick={() => setReplacing(!replacing)} aria-expanded={replacing}>
            <FileUp size={14} aria-hidden /> Other data
          </Button>
          <Status binding={binding} />
        </header>
        {replacing && <ChooseFile />}
        {failure && (
          <FailureNote failure={failure} onDismiss={dismissDataFailure}>
            <SendFilesButton failure={failure} onSent={dismissDataFailure} />
          </FailureNote>
        )}
        {preview && source.kind === 'file' && <BesideNote source={source} preview={preview} />}
        {preview && source.kind === 'file' && (
          <section className="data__preview" aria-label="Preview">
            <h3>
              First rows <span>choose what each column is used for</span>
            </h3>
            {preview.warnings.map((warning) => (
              <p key={warning} className="data__warning">
                {warning}
              </p>
            ))}
            <PreviewTable preview={preview} binding={binding} />
            {preview.badRowCount > 0 && !report && (
              <p className="data__warning">
                In the first rows, {preview.badRowCount} cannot be read:{' '}
                {preview.badRows.map((row) => `line ${row.line}, ${row.reason}`).join('; ')}
              </p>
            )}
          </section>
        )}
        {report && (
          <>
            {reported !== binding && <p className="data__warning">The settings have changed since this report was made.</p>}
            <Report report={report} />
          </>
        )}
        {report && reported && <Examples key={report.key} binding={reported} />}
      </div>
    </>
  );
}

/** Preparing with progress and cancel; or a button when what is shown is not what is set. */
function Status({ binding }: { readonly binding: DataBinding }) {
  const { preparing, progress, reported } = useDataStore();
  if (preparing) {
    return (
      <div className="data__progress">
        <p role="status">{progress ? `${progress.step} · ${progress.rows.toLocaleString('en')} rows` : 'Preparing …'}</p>
        <Progress label="Preparing the data" value={progress?.fraction ?? null} />
        <Button size="small" onClick={() => void cancelPreparing()}>
          Cancel
        </Button>
      </div>
    );
  }
  const fresh = reported === binding;
  return (
    <Button variant={fresh ? 'default' : 'primary'} onClick={() => void prepare()}>
      <RefreshCw size={14} aria-hidden /> {fresh ? 'Prepare again' : 'Prepare'}
    </Button>
  );
}
