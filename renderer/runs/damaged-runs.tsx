import { TriangleAlert } from 'lucide-react';
import type { DamagedRun } from '../../engine/protocol/runs.ts';
import { leaveDocument } from '../documents/document-actions.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { announce, useUiStore } from '../store/ui-store.ts';
import { restoreRun, useTrainingStore } from '../training/store.ts';
import { Button } from '../ui/button.tsx';
import { toast, toastFailure } from '../ui/toast-store.ts';
import './damaged-runs.css';
import { deleteRuns, showDetails, useRunSelection } from './selection-store.ts';

/** Runs that cannot be read: what is wrong with each, and what can be done. */
export function DamagedRuns() {
  const damaged = useTrainingStore((s) => s.damaged);
  const leaving = useRunSelection((s) => s.leaving);
  const kept = damaged.filter((run) => !leaving.includes(run.id));
  if (kept.length === 0) return null;
  return (
    <section aria-label="Damaged runs" className="damaged-runs">
      <h3>
        <TriangleAlert size={14} aria-hidden />
        {kept.length === 1 ? 'One run is damaged' : `${kept.length} runs are damaged`}
      </h3>
      <ul>
        {kept.map((run) => (
          <li key={run.id}>
            <div>
              <b>{nameOf(run)}</b> {run.document && <span>{run.id}</span>}
              <p>
                {run.problem}
                {!run.restorable && ' Too little of it is whole to restore it.'}
              </p>
            </div>
            {run.restorable && (
              <Button size="small" variant="primary" aria-label={`Restore ${run.id}`} onClick={() => void restore(run)}>
                Restore
              </Button>
            )}
            {run.document && (
              <Button size="small" aria-label={`Open its document: ${run.id}`} onClick={() => void openDocument(run)}>
                Open its document
              </Button>
            )}
            <Button
              size="small"
              variant="danger"
              aria-label={`Delete ${run.id}`}
              onClick={() => deleteRuns([{ id: run.id, name: nameOf(run) }])}
            >
              Delete
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

const nameOf = (run: DamagedRun): string => run.document?.name ?? run.id;

async function restore(run: DamagedRun): Promise<void> {
  try {
    const done = await restoreRun(run.id);
    showDetails(run.id);
    // The button is gone with the row: the keyboard goes on at what was restored.
    requestAnimationFrame(() => document.getElementById('run-details-title')?.focus());
    toast({ tone: 'info', title: 'Restored', text: done.join(' ') });
  } catch (error) {
    toastFailure(error, 'Not restored');
  }
}

async function openDocument({ document }: DamagedRun): Promise<void> {
  if (document === null || !(await leaveDocument())) return;
  useDocumentStore.getState().load({ document, path: null, dirty: true });
  useUiStore.getState().setTab('design');
  announce(`The document of ${document.name} is on the canvas.`);
}
