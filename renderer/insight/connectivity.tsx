import { useMemo, useState } from 'react';
import type { Trace } from '../../engine/protocol/inspect.ts';
import { FailureNote } from '../training/failure-note.tsx';
import { Spinner } from '../ui/spinner.tsx';
import { visibleToken } from '../ui/visible-token.ts';
import { HeatMap } from './heat-map.tsx';
import { largest, matrixOf, turned } from './matrix.ts';
import { ScaleLegend } from './scale-legend.tsx';
import { stepNames } from './step-names.ts';
import { setCursor, useInsight } from './store.ts';
import { useConnectivity } from './use-answers.ts';
import { ViewHead } from './view-head.tsx';

const nothing = (): void => undefined;

/** Which step of the input each thing that is said depends on: a row a thing that is said, a column a step. */
export function Connectivity({ trace }: { readonly trace: Trace }) {
  const { result, failure } = useConnectivity(trace.trace);
  const cursor = useInsight((s) => s.cursor);
  const [row, setRow] = useState<number | null>(null);
  const matrix = useMemo(() => result && turned(matrixOf(result.norms)), [result]);
  const scale = useMemo(() => ({ kind: 'share', extent: (matrix && largest(matrix)) || 1 }) as const, [matrix]);
  const order = useMemo(() => Array.from({ length: matrix?.columns ?? 0 }, (_, row) => row), [matrix]);
  const names = useMemo(() => stepNames(trace.steps, trace.steps), [trace.steps]);
  const says = useMemo(() => result?.says.map(visibleToken) ?? [], [result]);
  return (
    <section className="microscope__main" aria-label="What depends on what">
      <ViewHead
        title="What depends on what"
        shows="Strong colour: what is said (a row) would change much with that step of the input (a column)."
        lookFor="Look for steps far back whose colour is still strong."
        tex={'\\left\\| \\frac{\\partial \\log p_k}{\\partial x_t} \\right\\|'}
      >
        <ScaleLegend scale={scale} />
      </ViewHead>
      {failure && <FailureNote failure={failure} />}
      {!matrix && !failure && <Spinner label="Asking each thing that is said …" />}
      {matrix && (
        <HeatMap
          label="What depends on what, what is said × steps"
          matrix={matrix}
          order={order}
          scale={scale}
          names={names}
          rowName={(row) => says[row] ?? ''}
          rowLabel={(row) => says[row] ?? ''}
          quantity="gradient"
          cursor={cursor < trace.steps.length ? cursor : null}
          unit={row}
          hint="Point at a number to read it."
          range={null}
          onCursor={setCursor}
          onPin={setRow}
          onRange={nothing}
        />
      )}
    </section>
  );
}
