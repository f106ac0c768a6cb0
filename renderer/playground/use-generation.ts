import { useEffect, useRef, useState } from 'react';
import type { MethodParams } from '../../engine/protocol/contract.ts';
import type { Failure } from '../../engine/protocol/envelope.ts';
import type { Generation, SaidPiece, WatchedUnit } from '../../engine/protocol/predict.ts';
import { askId } from '../bridge/ask-id.ts';
import { engine, failureOf, useEngineEvent } from '../bridge/engine.ts';

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
  /** What was said so far; `null` before the first time. */
  readonly said: Said | null;
  readonly busy: boolean;
  readonly failure: Failure | null;
  generate(settings: GenerationSettings & { readonly prompt: string }, watch: WatchedUnit | null): Promise<void>;
  stop(): void;
}

/** A language model's text as it comes. Ends with the component. */
export function useGeneration(run: string): GenerationState {
  const [state, setState] = useState<Pick<GenerationState, 'said' | 'busy' | 'failure'>>({
    said: null,
    busy: false,
    failure: null,
  });
  const current = useRef<string | null>(null);
  const stop = (): void => {
    // The engine may be gone, and the generation with it.
    if (current.current !== null) engine.call('predict.cancel', { id: current.current }).catch(() => undefined);
  };
  useEffect(() => {
    const naming = current;
    return () => {
      const id = naming.current;
      naming.current = null;
      if (id !== null) engine.call('predict.cancel', { id }).catch(() => undefined);
    };
  }, []);
  useEngineEvent('predict.tokens', ({ id, pieces, values }) => {
    if (id !== current.current) return;
    const grown = (said: Said): Said => ({
      ...said,
      pieces: [...said.pieces, ...pieces],
      values: [...said.values, ...values],
    });
    setState((s) => (s.said === null ? s : { ...s, said: grown(s.said) }));
  });
  const generate: GenerationState['generate'] = async (settings, watch) => {
    stop();
    const id = askId();
    current.current = id;
    setState({ said: { prompt: settings.prompt, pieces: [], watch, values: [], result: null }, busy: true, failure: null });
    try {
      const result = await engine.call('predict.generate', { run, id, settings, ...(watch === null ? {} : { watch }) });
      if (current.current !== id) return;
      // Its pieces were told before.
      setState((s) => ({ said: s.said && { ...s.said, result }, busy: false, failure: null }));
    } catch (error) {
      if (current.current === id) setState((s) => ({ ...s, busy: false, failure: failureOf(error) }));
    } finally {
      if (current.current === id) current.current = null;
    }
  };
  return { ...state, generate, stop };
}
