import { useEffect, useMemo, useRef, useState } from 'react';
import type { Failure } from '../../engine/protocol/envelope.ts';
import type { InspectedInput } from '../../engine/protocol/inspect.ts';
import type { RunSummary } from '../../engine/protocol/runs.ts';
import { failureOf } from '../bridge/engine.ts';
import { FailureNote } from '../training/failure-note.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Progress } from '../ui/progress.tsx';
import { FigureTools } from './figure-tools.tsx';
import { filmSvg, filmTable, frameWords, type NamedFrame } from './film-export.ts';
import { type FilmFrame, type FilmQuestion, frameAt } from './film-frames.ts';
import './film-sheet.css';
import type { FilmStop } from './film-store.ts';
import { lineLabel } from './line-words.ts';
import { canvasOf, pixelsOf, putOn } from './pixels.ts';
import { useColourTables } from './scale-colours.ts';
import { ScaleLegend } from './scale-legend.tsx';
import { scaleOf, shownValue } from './shown-value.ts';
import { stepNames } from './step-names.ts';
import { recurrenceOf, useInsight } from './store.ts';
import { useUnitOrder } from './use-unit-order.ts';

interface FilmSheetProps {
  readonly run: RunSummary;
  readonly input: InspectedInput;
  readonly stops: readonly FilmStop[];
  describe(stop: FilmStop): string;
  onClose(): void;
}

/** Names of more steps would have no room under the maps. */
const mostNames = 40;

/** All moments of a film under each other: a value of the cell that the panel shows, units × steps, and what the network said. */
export function FilmSheet({ run, input, stops, describe, onClose }: FilmSheetProps) {
  // As it was when it was opened: a run that trains has ever more of them.
  const [opened] = useState(() => {
    const { trace, place, line } = useInsight.getState();
    const found = trace && recurrenceOf(trace, place);
    const value = found ? shownValue(found.recurrence, line) : undefined;
    return trace && found && value ? { trace, found, value, stops } : null;
  });
  const question = useMemo(
    (): FilmQuestion | null => opened && { run, input, place: opened.found.place, name: opened.value.name },
    [run, input, opened],
  );
  const { frames, failure } = useFrames(question, opened?.stops ?? []);
  const named = frames.map((frame): NamedFrame => ({ ...frame, words: describe(frame.stop) }));
  const scale = useMemo(
    () =>
      scaleOf(
        opened?.value.range ?? 'free',
        frames.map(({ matrix }) => matrix),
      ),
    [opened, frames],
  );
  const order = useUnitOrder(frames.at(-1)?.matrix ?? null, 'similarity', opened?.value.range ?? 'free');
  const table = useColourTables()[scale.kind];
  if (opened === null) return null;
  const { trace, found, value } = opened;
  const names = stepNames(found.recurrence.steps, trace.steps);
  const quantity = lineLabel(value.name);
  const title = `Film: ${quantity} of ${found.node.title}, units × steps`;
  const images = frames.map(({ matrix }) => pixelsOf(matrix, order, scale, table));
  const whole = frames.length === opened.stops.length;
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={title}
      description="How it came to be over training, each moment in the same colours and with its units in the same order."
      wide
    >
      <div className="film-sheet__head">
        <ScaleLegend scale={scale} />
        {whole && (
          <FigureTools
            name={title}
            table={() => filmTable(named, names, quantity)}
            svg={() =>
              filmSvg(
                title,
                named,
                images.map((image) => image && canvasOf(image)),
                { names, scale, quantity, table },
              )
            }
          />
        )}
      </div>
      {failure && <FailureNote failure={failure} />}
      {!whole && failure === null && (
        <Progress label="Looking at each moment" value={frames.length / Math.max(1, opened.stops.length)} />
      )}
      <ol className="film-sheet">
        {named.map((frame, place) => (
          <li key={String(typeof frame.stop === 'string' ? frame.stop : frame.stop.step)}>
            <span>{frameWords(frame)}</span>
            <Strip image={images[place] ?? null} label={`${quantity}, ${frame.words}`} />
          </li>
        ))}
      </ol>
      {names.length <= mostNames && (
        <div className="film-sheet__names" aria-hidden>
          {names
            .map((step, place) => ({ step, place }))
            .map(({ step, place }) => (
              <span key={place}>{step}</span>
            ))}
        </div>
      )}
    </Dialog>
  );
}

function Strip({ image, label }: { readonly image: ImageData | null; readonly label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (canvas.current && image) putOn(canvas.current, image);
  }, [image]);
  return <canvas ref={canvas} role="img" aria-label={label} />;
}

/** Moments one after another, until it is no longer asked for. */
function useFrames(
  question: FilmQuestion | null,
  stops: readonly FilmStop[],
): { readonly frames: readonly FilmFrame[]; readonly failure: Failure | null } {
  const [frames, setFrames] = useState<readonly FilmFrame[]>([]);
  const [failure, setFailure] = useState<Failure | null>(null);
  useEffect(() => {
    let current = true;
    const lookAtAll = async (asked: FilmQuestion): Promise<void> => {
      for (const stop of stops) {
        const frame = await frameAt(asked, stop);
        if (!current) return;
        setFrames((before) => [...before, frame]);
      }
    };
    setFrames([]);
    setFailure(null);
    if (question)
      lookAtAll(question).catch((error: unknown) => {
        if (current) setFailure(failureOf(error));
      });
    return () => {
      current = false;
    };
  }, [question, stops]);
  return { frames, failure };
}
