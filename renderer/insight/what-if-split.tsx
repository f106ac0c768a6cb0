import { useState } from 'react';
import { type SplitName, splitName } from '../../engine/document/split-names.ts';
import type { Trace } from '../../engine/protocol/inspect.ts';
import type { Hold } from '../../engine/protocol/what-if.ts';
import { engine } from '../bridge/engine.ts';
import { FailureNote } from '../training/failure-note.tsx';
import { formatMetric, metricTitle } from '../training/metric-format.ts';
import { Button } from '../ui/button.tsx';
import { Select } from '../ui/select.tsx';
import { useWork } from './use-work.ts';
import { WorkNote } from './work-note.tsx';

/** Examples that are read at most. */
const most = 500;

/** Figures over a split, without what is held and with it: asked for by a button, since it takes a pass or two. */
export function WhatIfSplit({ trace, holds }: { readonly trace: Trace; readonly holds: readonly Hold[] }) {
  const [split, setSplit] = useState<SplitName>('test');
  const [asked, setAsked] = useState<{ readonly trace: string; readonly step: number; readonly key: string } | null>(null);
  const key = JSON.stringify([trace.run, holds, split]);
  // Asked once for what is held: while a run trains, not with each of its weights.
  const wanted = asked?.key === key ? asked.trace : null;
  const work = useWork(wanted && JSON.stringify([wanted, key]), key, (id) =>
    engine.call('inspect.whatIfSplit', { trace: wanted ?? '', id, holds: [...holds], split, examples: most }),
  );
  const found = wanted === null ? null : work.result;
  const figures = found
    ? [...found.figures].sort((a, b) => Number(b.name === found.headline) - Number(a.name === found.headline)).slice(0, 3)
    : [];
  return (
    <section className="what-if__split" aria-label="Over a split">
      <div className="what-if__form">
        <span className="what-if__word">Over the split</span>
        <Select<SplitName>
          label="Split"
          value={split}
          onChange={setSplit}
          options={splitName.options.map((name) => ({ value: name, label: name }))}
        />
        <Button
          size="small"
          onClick={() => setAsked({ trace: trace.trace, step: trace.step, key })}
          disabled={holds.length === 0 || work.progress !== null}
        >
          Measure
        </Button>
        {holds.length === 0 && <span className="view-head__words">needs something that is held</span>}
      </div>
      {work.failure && wanted !== null && <FailureNote failure={work.failure} />}
      {wanted !== null && <WorkNote label={`Reading the ${split} split twice …`} work={work} />}
      {found && (
        <table className="what-if__table">
          <caption className="view-head__words">
            {found.examples === found.of
              ? `all ${found.of} examples of ${found.split}`
              : `${found.examples} of ${found.of} examples of ${found.split}`}
            {asked && asked.step !== trace.step && `, with the weights of step ${asked.step.toLocaleString('en')}`}
          </caption>
          <thead>
            <tr>
              <td />
              <th scope="col">before</th>
              <th scope="col">after</th>
            </tr>
          </thead>
          <tbody>
            {figures.map(({ name, before, after }) => (
              <tr key={name}>
                <th scope="row">{metricTitle(name)}</th>
                <td>{formatMetric(name, before)}</td>
                <td>{formatMetric(name, after)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
