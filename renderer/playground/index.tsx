import { FlaskConical } from 'lucide-react';
import { useEffect } from 'react';
import type { DataBinding } from '../../engine/document/data-binding.ts';
import { dataInGraph } from '../../engine/document/data-in-graph.ts';
import type { UnrollDocument } from '../../engine/document/schema.ts';
import type { RunSummary } from '../../engine/protocol/runs.ts';
import { useUiStore } from '../store/ui-store.ts';
import { activeRun, loadRun, showRun, useTrainingStore } from '../training/store.ts';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Spinner } from '../ui/spinner.tsx';
import { FileTrial } from './file-trial.tsx';
import { GenerationTrial } from './generation-trial.tsx';
import './playground.css';
import { RunSelect } from './run-select.tsx';
import { SeriesTrial } from './series-trial.tsx';
import { TextTrial } from './text-trial.tsx';
import { whatIsRead } from './what-is-read.ts';

/** Try a run on a sentence, a row of the data or a series. */
export function PlaygroundPanel() {
  const runs = useTrainingStore((s) => s.runs);
  const active = useTrainingStore(activeRun);
  const run = active ?? runs[0] ?? null;
  const id = run?.id ?? null;
  const document = useTrainingStore((s) => (id === null ? undefined : s.documents[id]));
  const missing = id !== null && document === undefined;
  useEffect(() => {
    if (missing && id !== null) void loadRun(id);
  }, [missing, id]);

  const binding = document ? dataInGraph(document) : null;
  if (!run) {
    return (
      <section aria-label="Playground" className="playground">
        <EmptyState
          title="Nothing to try yet"
          icon={<FlaskConical size={30} />}
          actions={
            <Button variant="primary" onClick={() => useUiStore.getState().setTab('design')}>
              Go to the canvas
            </Button>
          }
        >
          Train a network first. Then type a sentence here, pick a row of your data or paste a series, and see what the network
          makes of it while you type, already during training.
        </EmptyState>
      </section>
    );
  }
  return (
    <section aria-label="Playground" className="playground">
      <div className="playground__page">
        <header className="playground__head">
          <h2>Playground</h2>
          <RunSelect runs={runs} value={run.id} onChange={(next) => void showRun(next)} />
        </header>
        {run.status === 'running' && <p className="playground__live">The run is training: answers follow as it learns.</p>}
        {!document && <Spinner label="Reading the run …" />}
        {document && binding && <Trial key={run.id} run={run} binding={binding} document={document} />}
      </div>
    </section>
  );
}

interface TrialProps {
  readonly run: RunSummary;
  readonly binding: DataBinding;
  /** What the run trained. */
  readonly document: UnrollDocument;
}

/** What can be asked of a run depends on what its graph reads. */
function Trial({ run, binding, document }: TrialProps) {
  if (binding.task === 'language-model') return <GenerationTrial run={run} binding={binding} />;
  const Asked = { files: FileTrial, numbers: SeriesTrial, text: TextTrial }[whatIsRead(document, binding)];
  return <Asked run={run} binding={binding} />;
}
