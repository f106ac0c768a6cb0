import { create } from 'zustand';
import type { MethodParams } from '../../engine/protocol/contract.ts';
import type { Failure } from '../../engine/protocol/envelope.ts';
import type { Generation, SaidPiece, WatchedUnit } from '../../engine/protocol/predict.ts';
import { askId } from '../bridge/ask-id.ts';
import { engine, failureOf } from '../bridge/engine.ts';

export type GenerationSettings = NonNullable<MethodParams<'predict.generate'>['settings']>;

export interface Said {
  /** What it goes on from. */
  readonly prompt: string;
  readonly pieces: readonly SaidPiece[];
  /** The unit that is told of; `null` where none was asked for. */
  readonly watch: WatchedUnit | null;
  /** What it is after each piece that was read so far: one behind. */
  readonly values: readonly number[];
  /** The whole, once it has ended. */
  readonly result: Generation | null;
}

interface GenerationState {
  /** Names it to the engine. */
  readonly id: string;
  readonly said: Said;
  readonly busy: boolean;
  readonly failure: Failure | null;
}

/** By run. They stay while the window is open, and are written on wherever one goes. */
const useGenerations = create<Readonly<Record<string, GenerationState>>>(() => ({}));

/** Changes what is still the newest of its run. */
function change(id: string, how: (state: GenerationState) => Partial<GenerationState>): void {
  useGenerations.setState((all) => {
    const [run, state] = Object.entries(all).find(([, one]) => one.id === id) ?? [];
    return run === undefined || state === undefined ? all : { [run]: { ...state, ...how(state) } };
  });
}

engine.on('predict.tokens', ({ id, pieces, values }) =>
  change(id, ({ said }) => ({
    said: { ...said, pieces: [...said.pieces, ...pieces], values: [...said.values, ...values] },
  })),
);

function stop(): void {
  // The engine may be gone, and the generation with it.
  for (const { id, busy } of Object.values(useGenerations.getState()))
    if (busy) engine.call('predict.cancel', { id }).catch(() => undefined);
}

async function generate(
  run: string,
  settings: GenerationSettings & { readonly prompt: string },
  watch: WatchedUnit | null,
): Promise<void> {
  stop();
  const id = askId();
  const said: Said = { prompt: settings.prompt, pieces: [], watch, values: [], result: null };
  useGenerations.setState({ [run]: { id, said, busy: true, failure: null } });
  try {
    const result = await engine.call('predict.generate', { run, id, settings, ...(watch === null ? {} : { watch }) });
    // Its pieces were told before.
    change(id, (state) => ({ said: { ...state.said, result }, busy: false }));
  } catch (error) {
    change(id, () => ({ busy: false, failure: failureOf(error) }));
  }
}

interface Generating extends Pick<GenerationState, 'busy' | 'failure'> {
  /** What was said so far; `null` before the first time. */
  readonly said: Said | null;
  /** Ends what is written with another run: one text is written at a time. */
  generate(settings: GenerationSettings & { readonly prompt: string }, watch: WatchedUnit | null): Promise<void>;
  stop(): void;
}

/** A language model's text as it comes. */
export function useGeneration(run: string): Generating {
  const { said = null, busy = false, failure = null } = useGenerations((all) => all[run]) ?? {};
  return { said, busy, failure, generate: (settings, watch) => generate(run, settings, watch), stop };
}
