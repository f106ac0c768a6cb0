import { useEffect, useState } from 'react';
import type { Failure } from '../../engine/protocol/envelope.ts';
import type { FixedPointFound } from '../../engine/protocol/inspect-projection.ts';
import { askId } from '../bridge/ask-id.ts';
import { engine, failureOf, useEngineEvent } from '../bridge/engine.ts';
import { FailureNote } from '../training/failure-note.tsx';
import { Button } from '../ui/button.tsx';
import { Progress } from '../ui/progress.tsx';
import { Select } from '../ui/select.tsx';
import { escaped } from '../ui/xml-text.ts';
import { FigureTools } from './figure-tools.tsx';
import { svgOf } from './save-figure.ts';
import { shown } from './step-equations.ts';

/** Fixed points with what they are of. */
export interface FoundPoints {
  /** The projection that they stand on. */
  readonly of: string;
  /** In words: `with zeros as input`. */
  readonly input: string;
  readonly size: number;
  readonly searched: number;
  readonly starts: number;
  readonly points: readonly FixedPointFound[];
}

interface FixedPointsProps {
  readonly sample: string;
  readonly of: string;
  readonly trace: string;
  /** Of the cell, under the cursor. */
  readonly step: number | null;
  readonly stepName: string | null;
  readonly found: FoundPoints | null;
  readonly name: string;
  onFound(found: FoundPoints): void;
}

type InputChoice = 'mean' | 'zero' | 'step';

/** Looks for states that a step leaves where they are, and lists them. */
export function FixedPoints({ sample, of, trace, step, stepName, found, name, onFound }: FixedPointsProps) {
  const [wanted, setWanted] = useState<InputChoice>('mean');
  const [work, setWork] = useState<{ readonly id: string; readonly done: number; readonly of: number } | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const choice = wanted === 'step' && step === null ? 'mean' : wanted;
  const words = { mean: 'the mean of what the cell reads', zero: 'zeros', step: `what it reads at “${stepName}”` };
  useEngineEvent('inspect.progress', ({ id, done, of: all }) => setWork((now) => (now?.id === id ? { id, done, of: all } : now)));
  const id = work?.id;
  // Nobody waits for it any more.
  useEffect(() => {
    if (id === undefined) return undefined;
    return () => {
      engine.call('inspect.cancel', { id }).catch(() => undefined);
    };
  }, [id]);
  const find = async (): Promise<void> => {
    const own = askId();
    setWork({ id: own, done: 0, of: 1 });
    setFailure(null);
    try {
      const input = choice === 'step' ? { trace, step: step ?? 0 } : choice;
      const { points, searched, of: starts, size } = await engine.call('inspect.fixedPoints', { id: own, sample, input });
      onFound({ of, input: words[choice], size, searched, starts, points });
    } catch (error) {
      setFailure(failureOf(error));
    } finally {
      setWork((now) => (now?.id === own ? null : now));
    }
  };
  return (
    <div className="fixed-points">
      <h3>Fixed points</h3>
      <p className="unit-panel__hint">
        States that a step leaves where they are while the input stays the same; stable ones draw others to them.
      </p>
      <div className="fixed-points__ask">
        <span>with</span>
        <Select<InputChoice>
          label="Input of the fixed points"
          value={choice}
          onChange={setWanted}
          options={[
            { value: 'mean', label: 'the mean input' },
            { value: 'zero', label: 'zeros' },
            ...(step === null ? [] : [{ value: 'step' as const, label: `the input at “${stepName}”` }]),
          ]}
        />
        {work ? (
          <>
            <Progress label="Looking for fixed points" value={work.of === 0 ? null : work.done / work.of} />
            <Button size="small" onClick={() => void engine.call('inspect.cancel', { id: work.id }).catch(() => undefined)}>
              Stop
            </Button>
          </>
        ) : (
          <Button size="small" onClick={() => void find()}>
            Find
          </Button>
        )}
      </div>
      {failure && <FailureNote failure={failure} />}
      {found && <Found found={found} name={name} />}
    </div>
  );
}

/** How many are written out. */
const most = 12;

function Found({ found, name }: { readonly found: FoundPoints; readonly name: string }) {
  const converged = found.points.filter((point) => point.converged);
  const slow = found.points.filter((point) => !point.converged);
  const lost = slow.reduce((sum, { starts }) => sum + starts, 0);
  const least = Math.min(...slow.map(({ speed }) => speed));
  const title = `${name}, with ${found.input}`;
  return (
    <>
      <p className="fixed-points__told" role="status">
        {converged.length === 0
          ? 'No fixed point'
          : `${converged.length} ${converged.length === 1 ? 'fixed point' : 'fixed points'}`}{' '}
        of {found.size} numbers with {found.input}, from {found.searched}
        {found.searched < found.starts ? ` of ${found.starts}` : ''} states
        {lost > 0 && `; ${lost} searches ended where it moves least nearby (‖F(s) − s‖ ≥ ${shown(least)}), but moves`}.
        <FigureTools name={title} table={() => pointsTable(found.points)} svg={() => pointsSvg(title, found.points)} />
      </p>
      <ul className="fixed-points__list">
        {converged
          .map((point, place) => ({ point, place }))
          .slice(0, most)
          .map(({ point, place }) => (
            <li key={place} data-kind={point.kind}>
              <span aria-hidden>{marks[point.kind]}</span> {wordsOf(point)}
            </li>
          ))}
      </ul>
      {converged.length > most && <p className="unit-panel__hint">and {converged.length - most} more, in the table</p>}
    </>
  );
}

const marks: Readonly<Record<FixedPointFound['kind'], string>> = { stable: '●', saddle: '◆', unstable: '▲' };

const wordsOf = ({ kind, unstable, radius, starts }: FixedPointFound): string =>
  [
    kind === 'saddle' ? `saddle, ${unstable} unstable ${unstable === 1 ? 'direction' : 'directions'}` : kind,
    `|λ|max ${shown(radius)}`,
    `from ${starts} ${starts === 1 ? 'state' : 'states'}`,
  ].join(' · ');

const pointsTable = (points: FoundPoints['points']) => ({
  head: [
    '',
    'kind',
    'fixed',
    'unstable directions',
    'size of the largest eigenvalue',
    'speed',
    'states that led there',
    ...axisNames(points),
  ],
  rows: points.map(({ kind, converged, unstable, radius, speed, starts, at }, place) => [
    String(place + 1),
    kind,
    converged ? 'yes' : 'no',
    unstable,
    radius,
    speed,
    starts,
    ...at,
  ]),
});

const axisNames = (points: FoundPoints['points']): string[] => (points[0]?.at ?? []).map((_, axis) => `axis ${axis + 1}`);

/** The list as a picture; where they are the plane's own shows. */
function pointsSvg(title: string, points: FoundPoints['points']): string {
  const lines = points
    .filter(({ converged }) => converged)
    .map(
      (point, row) => `<text x="0" y="${18 * row + 14}" fill="var(--ink)">${marks[point.kind]} ${escaped(wordsOf(point))}</text>`,
    );
  return svgOf(title, 560, 18 * lines.length + 8, lines.join(''));
}
