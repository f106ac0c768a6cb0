import { useMemo, useState } from 'react';
import type { Trace } from '../../engine/protocol/inspect.ts';
import type { Saliency } from '../../engine/protocol/saliency.ts';
import { engine } from '../bridge/engine.ts';
import { FailureNote } from '../training/failure-note.tsx';
import { Segmented } from '../ui/segmented.tsx';
import type { NumberScale } from './colour-scale.ts';
import { ColouredText } from './coloured-text.tsx';
import { PixelMap } from './pixel-map.tsx';
import { type SaliencyMethod, saliencyMethods, unitWords, zeroWords } from './saliency-methods.ts';
import { ScaleLegend } from './scale-legend.tsx';
import { shown } from './step-equations.ts';
import { stepNames } from './step-names.ts';
import { setCursor, useInsight } from './store.ts';
import { TargetSelect, useTarget } from './target-select.tsx';
import { TimeChart } from './time-chart.tsx';
import { useWork } from './use-work.ts';
import { ViewHead } from './view-head.tsx';
import { WorkNote } from './work-note.tsx';

/** Bars of more steps would be thinner than they are read. */
const mostBars = 80;

/** Which steps of the input matter for what is picked, by three methods beside each other. */
export function SaliencyView({ trace }: { readonly trace: Trace }) {
  const cursor = useInsight((s) => s.cursor);
  const input = useInsight((s) => s.input);
  const [method, setMethod] = useState<SaliencyMethod>('integrated');
  const { of, label } = useTarget(trace);
  const about = JSON.stringify([trace.run, input, of]);
  const work = useWork(JSON.stringify([trace.trace, of]), about, (id) =>
    engine.call('inspect.saliency', { trace: trace.trace, of, id }),
  );
  // An answer that is still of the sentence before is of other steps.
  const found = work.result?.gradient.length === trace.steps.length ? work.result : null;
  const names = useMemo(() => stepNames(trace.steps, trace.steps), [trace.steps]);
  const values = found?.[method] ?? [];
  const extent = Math.max(...values.map(Math.abs).filter(Number.isFinite), 0) || 1;
  const scale: NumberScale = { kind: 'signed', extent };
  const at = cursor < names.length ? cursor : null;
  const text = found?.zero === 'embedding';
  return (
    <section className="microscope__main" aria-label="Saliency">
      <ViewHead
        title="Saliency"
        shows={`How much each step of the input adds to ${label}${found ? `, ${unitWords(found.unit, label)}` : ''}: orange and above zero raises it, blue and below lowers it.`}
        lookFor="Look for the few steps that carry most of it; where the three methods disagree, none of them should be believed alone."
        tex={'x_t \\cdot \\int_0^1 \\frac{\\partial F(\\alpha x)}{\\partial x_t} \\, d\\alpha'}
      >
        <Segmented<SaliencyMethod>
          label="Colours show"
          value={method}
          onChange={setMethod}
          options={saliencyMethods
            .filter(({ id }) => id !== 'occlusion' || found?.pixels == null)
            .map(({ id, title }) => ({ value: id, label: title }))}
        />
        <TargetSelect trace={trace} label="Saliency of" />
        {text && <ScaleLegend scale={scale} />}
      </ViewHead>
      {work.failure && <FailureNote failure={work.failure} />}
      <WorkNote label="Asking which steps matter …" work={work} />
      {found && (
        <>
          {found.pixels ? (
            <PixelMap
              label={`${titleOf(method)} of each pixel for ${label}`}
              pixels={found.pixels[method === 'gradient' ? 'gradient' : 'integrated']}
            />
          ) : (
            <>
              {text && (
                <ColouredText
                  label={`The input coloured by ${titleOf(method)} for ${label}`}
                  names={names}
                  values={values}
                  scale={scale}
                  cursor={at}
                  onCursor={setCursor}
                />
              )}
              <TimeChart
                label={`Saliency of ${label}`}
                series={saliencyMethods.map(({ id, title, color }) => ({ label: title, color, values: found[id] }))}
                names={names}
                form={text && names.length <= mostBars ? 'bars' : 'lines'}
                cursor={at}
                onCursor={setCursor}
              />
            </>
          )}
          <Completeness found={found} label={label} />
        </>
      )}
    </section>
  );
}

const titleOf = (method: SaliencyMethod): string => saliencyMethods.find(({ id }) => id === method)?.title ?? method;

/** What integrated gradients add up to, and what they should. */
function Completeness({ found, label }: { readonly found: Saliency; readonly label: string }) {
  const { value, without, error, points, exact, zero } = found;
  const whole = value - without;
  return (
    <p className="view-head__words kept">
      Compared with {zeroWords(zero)}: {label} is <b>{shown(value)}</b>, with nothing but zeros <b>{shown(without)}</b>.
      Integrated gradients add up to <b>{shown(whole + error)}</b> of that difference of <b>{shown(whole)}</b>: completeness error{' '}
      <b>{shown(error)}</b> at {points} points of the way
      {exact ? '.' : ', which is not exact: twice as many points would still change it.'} Occlusion replaces one step at a time.
    </p>
  );
}
