import { Ellipsis } from 'lucide-react';
import { useState } from 'react';
import type { RunSummary } from '../../engine/protocol/runs.ts';
import { beatsBaseline, formatMetric, metricTitle } from '../training/metric-format.ts';
import { formatDuration, formatMoment } from '../training/time-left.ts';
import { IconButton } from '../ui/button.tsx';
import { Menu } from '../ui/menu.tsx';
import { canResume, isLive, openOnCanvas, resumeRun } from './run-actions.ts';
import { RunName } from './run-name.tsx';
import './run-table.css';
import { compare, deleteRuns, showDetails, useRunSelection } from './selection-store.ts';
import { StatusBadge } from './status-badge.tsx';

/** The kept runs, newest first. */
export function RunTable({ runs }: { readonly runs: readonly RunSummary[] }) {
  const { compared, shown } = useRunSelection();
  const [editing, setEditing] = useState<string | null>(null);
  return (
    <table className="runs__table">
      <thead>
        <tr>
          <th scope="col">
            <span className="visually-hidden">Compare</span>
          </th>
          <th scope="col">Run</th>
          <th scope="col">Status</th>
          <th scope="col">Best</th>
          <th scope="col">Baseline</th>
          <th scope="col" className="runs__device">
            Device
          </th>
          <th scope="col">Time</th>
          <th scope="col">Started</th>
          <th scope="col">
            <span className="visually-hidden">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => {
          const better = beatsBaseline(run);
          return (
            <tr key={run.id} aria-selected={run.id === shown} className={run.id === shown ? 'runs__row--shown' : undefined}>
              <td>
                <input
                  type="checkbox"
                  aria-label={`Compare ${run.name}`}
                  checked={compared.includes(run.id)}
                  onChange={(event) => compare(run.id, event.target.checked)}
                />
              </td>
              <th scope="row">
                <RunName
                  run={run}
                  editing={editing === run.id}
                  onDone={() => setEditing(null)}
                  onEdit={() => setEditing(run.id)}
                  onShow={() => showDetails(run.id)}
                />
                {run.documentName !== run.name && <span className="runs__document">{run.documentName}</span>}
              </th>
              <td>
                <StatusBadge run={run} />
              </td>
              <td className={better === true ? 'runs__better' : undefined}>
                <b>{formatMetric(run.headline.metric, run.best?.value)}</b>{' '}
                <span>
                  {metricTitle(run.headline.metric)}
                  {run.judgedOn === 'train' && ' · training split'}
                </span>
              </td>
              <td title={run.headline.baselineName}>
                {run.headline.baselineName === '' ? '–' : formatMetric(run.headline.metric, run.headline.baseline)}
              </td>
              <td className="runs__device" title={run.device}>
                {run.device}
              </td>
              <td>{formatDuration(run.seconds)}</td>
              <td>{formatMoment(run.created)}</td>
              <td>
                <Menu
                  align="end"
                  trigger={
                    <IconButton label={`Actions for ${run.name}`} size="small">
                      <Ellipsis size={15} aria-hidden />
                    </IconButton>
                  }
                  groups={[
                    [
                      { id: 'open', label: 'Open on the canvas', run: () => void openOnCanvas(run) },
                      ...(canResume(run) ? [{ id: 'resume', label: 'Resume', run: () => void resumeRun(run) }] : []),
                      { id: 'rename', label: 'Rename', shortcut: 'F2', run: () => setEditing(run.id) },
                    ],
                    [{ id: 'delete', label: 'Delete', danger: true, disabled: isLive(run), run: () => deleteRuns([run]) }],
                  ]}
                />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
