import { Film as FilmIcon, Pause, Play, Rows3 } from 'lucide-react';
import { useEffect, useId, useState } from 'react';
import { byteWords } from '../../engine/protocol/byte-words.ts';
import type { Film } from '../../engine/protocol/film.ts';
import type { RunSummary } from '../../engine/protocol/runs.ts';
import { formatMetric, metricTitle } from '../training/metric-format.ts';
import { useTrainingStore } from '../training/store.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { titleWhereCut } from '../ui/title-where-cut.ts';
import { Tooltip } from '../ui/tooltip.tsx';
import './film-bar.css';
import { FilmSheet } from './film-sheet.tsx';
import { type FilmStop, isKeeping, keepFilm, setFilmPlaying, showStop, stopAt, stopsOf, useFilm } from './film-store.ts';
import { isMoment, useInsight } from './store.ts';

/** Begins the film of a run, or of the next one, with one click. */
export function FilmButton({ run }: { readonly run: RunSummary }) {
  const film = useFilm((s) => s.film);
  const next = useTrainingStore((s) => s.nextFilm !== null);
  const on = isKeeping(run, film, next);
  const says =
    run.status === 'done'
      ? 'Keeps the weights of each validation of the next run, from its first step on'
      : 'Keeps the weights of each validation from now on, so that everything here can be seen as it was';
  return (
    <Tooltip content={on ? 'Keeps no more; what is kept stays with the run' : says}>
      <Button size="small" className="film-button" aria-pressed={on} onClick={() => void keepFilm(run, !on)}>
        <FilmIcon size={13} aria-hidden /> {on ? 'Keeping film' : 'Keep film'}
      </Button>
    </Tooltip>
  );
}

/** How long a moment is shown while the film plays, ms; longer where it takes longer to be there. */
const momentTime = 600;

/** The run's past: a slider over the moments whose weights are kept. Nothing where there is none to go back to. */
export function FilmBar({ run }: { readonly run: RunSummary }) {
  const film = useFilm((s) => s.film);
  const weights = useInsight((s) => s.weights);
  if (!isMoment(weights) && (film === null || film.on === null || film.moments.length === 0)) return null;
  return <Slider run={run} film={film} />;
}

function Slider({ run, film }: { readonly run: RunSummary; readonly film: Film | null }) {
  const id = useId();
  const weights = useInsight((s) => s.weights);
  const input = useInsight((s) => s.input);
  const recurs = useInsight((s) => s.place !== null);
  const playing = useFilm((s) => s.playing);
  const [sheet, setSheet] = useState(false);
  const describe = useMomentWords(run);
  const stops = stopsOf(film, weights);
  const at = stopAt(stops, weights);
  const stop = stops[at] ?? 'now';
  usePlayed(stops[at + 1]);
  const words = describe(stop);
  return (
    <section className="film-bar" aria-label="Film">
      <IconButton
        label={playing ? 'Pause the film' : 'Play the film'}
        size="small"
        onClick={() => {
          if (!playing && at === stops.length - 1) showStop(stops[0]);
          setFilmPlaying(!playing);
        }}
      >
        {playing ? <Pause size={14} aria-hidden /> : <Play size={14} aria-hidden />}
      </IconButton>
      <label htmlFor={id} className="film-bar__label">
        Training
      </label>
      <input
        id={id}
        className="film-bar__slider"
        type="range"
        min={0}
        max={stops.length - 1}
        step={1}
        value={at}
        aria-valuetext={`${words}, ${at + 1} of ${stops.length}`}
        onChange={(event) => {
          setFilmPlaying(false);
          showStop(stops[Number(event.target.value)]);
        }}
      />
      <output className="film-bar__moment" htmlFor={id} onPointerEnter={titleWhereCut}>
        {words}
      </output>
      {film && <Kept film={film} />}
      {recurs && (
        <IconButton label="All moments, and save them" size="small" onClick={() => setSheet(true)}>
          <Rows3 size={14} aria-hidden />
        </IconButton>
      )}
      {sheet && input && <FilmSheet run={run} input={input} stops={stops} describe={describe} onClose={() => setSheet(false)} />}
    </section>
  );
}

/** How much is kept, and which of it where that is not all. */
function Kept({ film }: { readonly film: Film }) {
  const kept = film.moments.filter((moment) => moment.kept).length;
  const { dropped, most, bytes } = film;
  return (
    <span className="film-bar__kept">
      {dropped === 0 ? `${kept} moments kept, ${most} at most` : `${kept} of ${kept + dropped} moments kept, spread evenly`} ·{' '}
      {byteWords(kept * bytes)}
    </span>
  );
}

/** A moment in words: its step, and how good the run was then. */
function useMomentWords(run: RunSummary): (stop: FilmStop) => string {
  const curves = useTrainingStore((s) => s.curves[run.id]);
  useTrainingStore((s) => s.ticks[run.id]);
  const curve = curves?.get(run.headline.metric, run.judgedOn ?? 'validation');
  return (stop) => {
    if (stop === 'now' && run.status === 'running') return 'now';
    if (stop === 'now') return run.status === 'paused' || run.best === null ? 'its last weights' : 'its best weights';
    const step = `step ${stop.step.toLocaleString('en')}`;
    if (stop.step === 0) return `${step}, before training`;
    const place = curve?.step.lastIndexOf(stop.step) ?? -1;
    if (!curve || place < 0) return step;
    const { metric } = run.headline;
    const epoch = Number((curve.epoch[place] ?? 0).toFixed(1));
    return `${step} · epoch ${epoch} · ${metricTitle(metric)} ${formatMetric(metric, curve.value[place])}`;
  };
}

/** Goes on to the next moment once the one that is wanted is shown; at the end it stands. */
function usePlayed(next: FilmStop | undefined): void {
  const playing = useFilm((s) => s.playing);
  const busy = useInsight((s) => s.busy);
  const step = next === 'now' ? 'now' : (next?.step ?? null);
  useEffect(() => {
    if (!playing || busy) return undefined;
    const timer = setTimeout(() => {
      if (step === null) setFilmPlaying(false);
      else showStop(step === 'now' ? step : { step });
    }, momentTime);
    return () => clearTimeout(timer);
  }, [playing, busy, step]);
}
