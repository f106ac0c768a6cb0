import { useMemo, useState } from 'react';
import type { RunSummary } from '../../engine/protocol/runs.ts';
import { openOnCanvas } from '../runs/run-actions.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { graphDifferences } from './follow-document.ts';
import './other-graph-note.css';
import { useTrainingStore } from './store.ts';

/** Says that a run's figures are not of the graph on the canvas, and what differs. */
export function OtherGraphNote({ run }: { readonly run: RunSummary }) {
  const trained = useTrainingStore((s) => s.documents[run.id]);
  const shown = useDocumentStore((s) => s.whole);
  const [comparing, setComparing] = useState(false);
  const rows = useMemo(() => (trained ? graphDifferences(trained, shown) : []), [trained, shown]);
  if (rows.length === 0) return null;
  return (
    <div className="other-graph" role="status">
      <span>These figures are of another graph.</span>
      <Button size="small" onClick={() => void openOnCanvas(run)}>
        Open
      </Button>
      <Button size="small" onClick={() => setComparing(true)}>
        Compare
      </Button>
      <Dialog
        open={comparing}
        onOpenChange={setComparing}
        title="What differs"
        description={`“${run.name}” and the graph on the canvas`}
      >
        <table className="other-graph__table">
          <thead>
            <tr>
              <th scope="col">Setting</th>
              <th scope="col">Trained</th>
              <th scope="col">Canvas</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ setting, values: [before, now] }) => (
              <tr key={setting}>
                <th scope="row">{setting}</th>
                <td>{before}</td>
                <td>{now}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Dialog>
    </div>
  );
}
