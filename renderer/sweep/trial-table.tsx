import type { SweepState, SweepTrial } from '../../engine/protocol/sweep.ts';
import { showDetails } from '../runs/selection-store.ts';
import { useUiStore } from '../store/ui-store.ts';
import { ScrollRegion } from '../ui/scroll-region.tsx';
import { objectiveTitle, resultText, shortTitle, statusText, valueText } from './words.ts';

interface TrialTableProps {
  readonly state: SweepState;
  readonly hovered: number | null;
  onHover(trial: number | null): void;
  /** Whether a trial is within the ranges that are chosen in the plot. */
  within(trial: SweepTrial): boolean;
}

/** Every trial with its values and what it gave; its name leads to its run. */
export function TrialTable({ state, hovered, onHover, within }: TrialTableProps) {
  const rows = state.trials.filter(within);
  return (
    <ScrollRegion label="Trials" className="sweep-trials">
      <table>
        <caption className="visually-hidden">Trials of the sweep</caption>
        <thead>
          <tr>
            <th scope="col">Trial</th>
            <th scope="col">{objectiveTitle(state)}</th>
            {state.settings.map(({ title }) => (
              <th key={title} scope="col" title={title}>
                {shortTitle(title)}
              </th>
            ))}
            <th scope="col">State</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((trial) => (
            <tr
              key={trial.number}
              data-hovered={trial.number === hovered}
              data-best={trial.number === state.best}
              onPointerEnter={() => onHover(trial.number)}
              onPointerLeave={() => onHover(null)}
            >
              <th scope="row">
                <button type="button" className="sweep-trials__name" onClick={() => showRuns(trial)}>
                  {trial.number}
                </button>
                {trial.number === state.best && <span className="sweep-trials__best">best</span>}
              </th>
              <td>{resultText(state, trial)}</td>
              {state.settings.map(({ title }, i) => (
                <td key={title}>{valueText(trial.values[i])}</td>
              ))}
              <td className="sweep-trials__state" data-status={trial.status} title={trial.reason ?? undefined}>
                {statusText[trial.status]}
                {trial.reason !== null && <small>{trial.reason}</small>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

/** Its first run, in the table of runs. */
function showRuns({ runs: [first] }: SweepTrial): void {
  if (first === undefined) return;
  showDetails(first.run);
  useUiStore.getState().setTab('runs');
}
