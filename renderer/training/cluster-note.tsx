import { Server } from 'lucide-react';
import type { RunSummary } from '../../engine/protocol/runs.ts';
import './cluster-note.css';

/** Where a run trains that does not train here, and what it waits for. */
export function ClusterNote({ run }: { readonly run: RunSummary }) {
  if (run.on === undefined || run.status !== 'running') return null;
  return (
    <p className="cluster-note" role="status">
      <Server size={14} aria-hidden />
      <span>
        {run.device}. {run.message ?? 'It goes on there when this app is closed.'}
      </span>
    </p>
  );
}
