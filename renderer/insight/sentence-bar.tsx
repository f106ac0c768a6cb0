import { Pause, Play, X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useMemo, useRef } from 'react';
import type { Trace } from '../../engine/protocol/inspect.ts';
import { activeRun, useTrainingStore } from '../training/store.ts';
import { IconButton } from '../ui/button.tsx';
import { Spinner } from '../ui/spinner.tsx';
import { titleWhereCut } from '../ui/title-where-cut.ts';
import { visibleToken } from '../ui/visible-token.ts';
import { CardsFigure } from './cards-figure.tsx';
import { CompareSelect } from './compare-select.tsx';
import { FilmBar, FilmButton } from './film-bar.tsx';
import { InputMenu } from './input-menu.tsx';
import { saidAt, wrongTags } from './said.ts';
import './sentence-bar.css';
import { namingToken } from './step-names.ts';
import { playOn, setCursor, stepTime, stopLooking, togglePlaying, useInsight } from './store.ts';
import { type SentenceStep, sentenceOf } from './time-axis.ts';

/** Above the canvas while a network is looked into: the sentence, the cursor in time, and what the network says of it. */
export function SentenceBar() {
  const trace = useInsight((s) => s.trace);
  const failure = useInsight((s) => s.failure);
  const busy = useInsight((s) => s.busy);
  const run = useTrainingStore(activeRun);
  usePlaying();
  return (
    <section className="sentence-bar" aria-label="Looking inside" aria-busy={busy}>
      <InputMenu />
      {trace === null ? (
        <div className="sentence-bar__wait">{failure === null && <Spinner label="Reading the network …" />}</div>
      ) : (
        <Timeline />
      )}
      {trace !== null && <Answer />}
      {run && <FilmButton run={run} />}
      {run && <CompareSelect run={run} />}
      {trace !== null && <CardsFigure trace={trace} />}
      <IconButton label="Stop looking inside" size="small" onClick={stopLooking}>
        <X size={15} aria-hidden />
      </IconButton>
      {run && <FilmBar run={run} />}
      {failure && (
        <p className="sentence-bar__failure" role="alert">
          {trace !== null && 'What is shown is older: '}
          {failure.message} {failure.hint}
        </p>
      )}
    </section>
  );
}

/** Goes on while it plays. */
function usePlaying(): void {
  const playing = useInsight((s) => s.playing);
  useEffect(() => {
    if (!playing) return undefined;
    const timer = setInterval(playOn, stepTime);
    return () => clearInterval(timer);
  }, [playing]);
}

/** The tokens that the network reads are one control: a cursor in time, which everything else follows. */
function Timeline() {
  const trace = useInsight((s) => s.trace);
  const cursor = useInsight((s) => s.cursor);
  const playing = useInsight((s) => s.playing);
  const range = useInsight((s) => s.range);
  const sentence = useMemo(() => (trace ? sentenceOf(trace) : null), [trace]);
  const wrong = useMemo(() => (trace ? wrongTags(trace) : new Set<number>()), [trace]);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.children[cursor]?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [cursor]);
  if (trace === null || sentence === null) return null;
  const { steps, inputs } = sentence;
  const said = saidWords(trace);
  const key = (event: KeyboardEvent): void => {
    const to = {
      ArrowLeft: cursor - 1,
      ArrowDown: cursor - 1,
      ArrowRight: cursor + 1,
      ArrowUp: cursor + 1,
      PageUp: cursor - 10,
      PageDown: cursor + 10,
      Home: 0,
      End: steps.length - 1,
    }[event.key];
    if (to !== undefined) setCursor(to);
    else if (event.key === ' ') togglePlaying();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const scrub = (event: React.PointerEvent<HTMLElement>): void => {
    if ((event.buttons & 1) === 0) return;
    const token = (event.target as HTMLElement).closest<HTMLElement>('[data-step]');
    if (token) setCursor(Number(token.dataset['step']));
  };
  return (
    <>
      <IconButton label={playing ? 'Pause' : 'Play the sentence'} size="small" shortcut="Space" onClick={togglePlaying}>
        {playing ? <Pause size={14} aria-hidden /> : <Play size={14} aria-hidden />}
      </IconButton>
      <div
        ref={list}
        className="sentence-bar__tokens"
        role="slider"
        aria-label="Step of the sentence"
        aria-orientation="horizontal"
        aria-valuemin={1}
        aria-valuemax={steps.length}
        aria-valuenow={cursor + 1}
        aria-valuetext={describe(steps[cursor], cursor, steps.length, said)}
        onKeyDown={key}
        onPointerDown={scrub}
        onPointerMove={scrub}
        tabIndex={0}
      >
        {steps.map((step, index) => (
          <span
            key={`${step.side}${step.place}`}
            className="sentence-bar__token"
            data-step={index}
            data-here={index === cursor}
            data-unknown={step.unknown}
            data-padded={step.padded}
            data-wrong={step.side === 'input' && wrong.has(step.place)}
            data-first={index === inputs}
            data-of={said.short}
            data-range={range !== null && index >= range.from && index <= range.to}
            title={titleOf(step, said)}
          >
            {visibleToken(namingToken(step.token)) || step.place + 1}
          </span>
        ))}
      </div>
    </>
  );
}

/** What stands behind the arrow: of a row what it should be, which is read in training too (teacher forcing); else what is said unaided. */
interface SaidWords {
  readonly short: string;
  readonly long: string;
}

const saidWords = ({ target }: Trace): SaidWords =>
  target?.given === true
    ? { short: 'given', long: 'given, as in training' }
    : { short: 'own', long: 'said by the network itself' };

const titleOf = ({ token, place, side, unknown, padded }: SentenceStep, said: SaidWords): string =>
  [
    namingToken(token) === '' && token,
    `step ${place + 1}`,
    side === 'target' && said.long,
    unknown && 'not in the vocabulary: read as <unk>',
    padded && 'padded: no layer looks at it',
  ]
    .filter(Boolean)
    .join(' · ');

function describe(step: SentenceStep | undefined, cursor: number, count: number, said: SaidWords): string {
  if (!step) return '';
  const marks = [step.unknown && 'not in the vocabulary', step.padded && 'padded', step.side === 'target' && said.long].filter(
    Boolean,
  );
  return [`${visibleToken(step.token) || 'no token'}, step ${cursor + 1} of ${count}`, ...marks].join(', ');
}

/** What the network says, and whether it is right. */
function Answer() {
  const trace = useInsight((s) => s.trace);
  const cursor = useInsight((s) => s.cursor);
  if (trace === null) return null;
  const { said, probability, truth, right } = saidAt(trace, cursor < trace.steps.length ? cursor : null);
  return (
    <output className="sentence-bar__answer" data-right={right} aria-label="What the network says" onPointerEnter={titleWhereCut}>
      <span aria-hidden>→</span> <b>{said}</b>
      {probability !== null && <span> {(probability * 100).toFixed(1)} %</span>}
      {right === true && <span className="sentence-bar__verdict"> ✓ right</span>}
      {truth !== null && right !== true && (
        <span className="sentence-bar__verdict">
          {' '}
          {right === false && '✗ '}should be <b>{truth}</b>
        </span>
      )}
    </output>
  );
}
