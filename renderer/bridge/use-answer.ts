import { useEffect, useState } from 'react';
import type { Failure } from '../../engine/protocol/envelope.ts';
import { failureOf } from './engine.ts';

export interface Answer<R> {
  readonly result: R | null;
  readonly failure: Failure | null;
}

const nothing = { result: null, failure: null };

/**
 * The engine's answer to a question: the one before stays until the next is there.
 *
 * @param key what is asked, asked again where it is another; `null` asks nothing
 */
export function useAnswer<R>(key: string | null, ask: () => Promise<R>): Answer<R> {
  const [answer, setAnswer] = useState<Answer<R>>(nothing);
  const [asks] = useState(() => ({ now: ask }));
  useEffect(() => {
    asks.now = ask;
  });
  useEffect(() => {
    if (key === null) {
      setAnswer(nothing);
      return undefined;
    }
    let current = true;
    asks.now().then(
      (result) => current && setAnswer({ result, failure: null }),
      (error: unknown) => current && setAnswer(({ result }) => ({ result, failure: failureOf(error) })),
    );
    return () => {
      current = false;
    };
  }, [key, asks]);
  return answer;
}
