import type { EventData } from '../protocol/contract.ts';
import { UserError } from '../protocol/envelope.ts';
import type { RunSummary } from '../protocol/runs.ts';
import { Interrupted, onInterruption } from './interruption.ts';
import type { LocalEngine } from './local-engine.ts';
import type { Output } from './output.ts';
import { duration, figure, ProgressBar } from './progress-bar.ts';

const ended: ReadonlySet<RunSummary['status']> = new Set(['done', 'stopped', 'failed', 'interrupted', 'paused']);

export interface Followed {
  readonly summary: RunSummary;
  /** Of the signal that ended it; `null` where none came. */
  readonly exitCode: number | null;
}

/**
 * Starts (or resumes) a run and follows it to its end. Ctrl-C, or another signal to end, stops it at a checkpoint, or cancels it
 * while its data is still being prepared; the second ends the program at once.
 *
 * @param begin is given what leaves the terminal clean for words of its own
 * @param detach whether a run on a cluster is left to itself once it is there
 */
export async function followRun(
  engine: LocalEngine,
  output: Output,
  begin: (clear: () => void) => Promise<RunSummary>,
  detach = false,
): Promise<Followed> {
  const bar = new ProgressBar(!output.json);
  let id: string | null = null;
  /** Of a run on a cluster: what it waits for. */
  let said: string | null = null;
  const early: EventData<'run.progress'>[] = [];
  let finish: (summary: RunSummary) => void = () => undefined;
  const finished = new Promise<RunSummary>((resolve) => {
    finish = resolve;
  });

  const progressed = (progress: EventData<'run.progress'>): void => {
    if (id === null) {
      early.push(progress);
      return;
    }
    const { summary, tokensPerSecond, secondsLeft } = progress;
    if (summary.id !== id) return;
    if (cluster && summary.message !== said) {
      said = summary.message;
      bar.clear();
      // Its last words follow, with what to do.
      if (said !== null && !ended.has(summary.status)) output.say(said);
      output.tell({ event: 'message', message: said });
    }
    bar.draw(summary.totalSteps > 0 ? summary.step / summary.totalSteps : null, describe(summary, tokensPerSecond, secondsLeft));
    if (ended.has(summary.status)) finish(summary);
  };
  const stops = [
    engine.on('run.progress', progressed),
    engine.on('run.metrics', ({ run, events }) => {
      if (id !== null && run !== id) return;
      for (const event of events) {
        output.tell({ event: 'metrics', ...event });
        if (event.split === 'train') continue;
        bar.clear();
        const values = Object.entries(event.values).map(([name, value]) => `${name} ${figure(value)}`);
        output.say(
          `epoch ${figure(event.epoch).padStart(5)}  step ${String(event.step).padStart(6)}  ${event.split}  ${values.join('  ')}`,
        );
      }
    }),
    engine.on('data.progress', ({ step, fraction }) => bar.draw(fraction, step)),
  ];
  let cluster = false;
  const leave = async (run: string): Promise<void> => {
    await engine.rays.detach();
    finish((await engine.runs.get(run)).summary);
  };
  const interruption = onInterruption(() => {
    bar.clear();
    if (id === null) {
      output.say('Cancelling …');
      void engine.call['training.cancel']({});
      return;
    }
    // A terminal or connection that is closed ends no job on a cluster; Ctrl-C does.
    if (cluster && interruption.exitCode !== 130) {
      void leave(id);
      return;
    }
    output.say('Stopping at a checkpoint …');
    void engine.call['training.stop']({ run: id }).then(finish, (error: unknown) => {
      output.fail(error);
      process.exit(interruption.exitCode ?? 1);
    });
  });
  try {
    const started = await begin(() => bar.clear());
    id = started.id;
    cluster = started.on !== undefined;
    bar.clear();
    output.tell({
      event: 'start',
      run: started.id,
      device: started.device,
      backend: started.backend,
      parameters: started.parameters,
      steps: started.totalSteps,
      ...(started.notes ? { notes: started.notes } : {}),
    });
    output.say(`${started.name} · ${started.parameters.toLocaleString('en')} parameters · ${started.device}`);
    for (const note of started.notes ?? []) output.say(note);
    for (const progress of early) progressed(progress);
    if (detach) await leave(started.id);
    return { summary: await finished, exitCode: interruption.exitCode };
  } catch (error) {
    if (error instanceof UserError && interruption.exitCode !== null) throw new Interrupted(error.failure, interruption.exitCode);
    throw error;
  } finally {
    bar.clear();
    interruption.stop();
    for (const stop of stops) stop();
  }
}

function describe(summary: RunSummary, tokensPerSecond: number | null, secondsLeft: number | null): string {
  return [
    `epoch ${Math.min(summary.epochs, Math.floor(summary.epoch) + 1)}/${summary.epochs}`,
    tokensPerSecond === null ? null : `${Math.round(tokensPerSecond).toLocaleString('en')} tokens/s`,
    secondsLeft === null ? null : `${duration(secondsLeft)} left`,
  ]
    .filter((part) => part !== null)
    .join(' · ');
}
