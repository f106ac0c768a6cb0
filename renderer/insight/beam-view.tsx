import { useState } from 'react';
import type { Trace } from '../../engine/protocol/inspect.ts';
import { engine } from '../bridge/engine.ts';
import { useAnswer } from '../bridge/use-answer.ts';
import { FoundSequences } from '../playground/found-sequences.tsx';
import { FailureNote } from '../training/failure-note.tsx';
import { NumberField } from '../ui/number-field.tsx';
import { Spinner } from '../ui/spinner.tsx';
import { BeamFigure } from './beam-figure.tsx';
import { ViewHead } from './view-head.tsx';

/** How beam search comes to what a decoder says: its hypotheses as a tree. */
export function BeamView({ trace }: { readonly trace: Trace }) {
  const [width, setWidth] = useState(3);
  const [lengthPenalty, setLengthPenalty] = useState(0.6);
  const [chosen, setChosen] = useState(0);
  const asked = { trace: trace.trace, width, lengthPenalty };
  const { result, failure } = useAnswer(JSON.stringify(asked), () => engine.call('inspect.beam', asked));
  return (
    <div className="microscope__columns">
      <section className="microscope__main" aria-label="Beam search">
        <ViewHead
          title="Beam search"
          shows="A column a step, the best beginnings on top, each with its log-probability so far; what is dashed was dropped."
          lookFor="Look for where the answer was not on top: greedy search loses it there."
          tex={'\\log p(y) = \\sum_t \\log p(y_t \\mid y_{<t}, x)'}
        >
          <span className="beam__settings">
            <NumberField
              label="Width"
              value={width}
              min={1}
              max={100}
              integer
              onChange={(next) => next !== null && setWidth(next)}
            />
            <NumberField
              label="α"
              value={lengthPenalty}
              min={0}
              max={10}
              onChange={(next) => next !== null && setLengthPenalty(next)}
            />
          </span>
        </ViewHead>
        {failure && <FailureNote failure={failure} />}
        {!result && !failure && <Spinner label="Searching …" />}
        {result && <BeamFigure tree={result.tree} chosen={Math.min(chosen, result.hypotheses.length - 1)} />}
      </section>
      <section className="microscope__main" aria-label="What was found">
        {result && <FoundSequences hypotheses={result.hypotheses} chosen={chosen} onChoose={setChosen} />}
        <p className="view-head__words">
          Sequences that ended are ranked by log p over the length penalty, those that were cut at the limit come after them. A
          click shows the way to one.
        </p>
      </section>
    </div>
  );
}
