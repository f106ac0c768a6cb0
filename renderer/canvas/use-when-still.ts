import { useStoreApi } from '@xyflow/react';
import { startTransition, useEffect, useState } from 'react';

/** Milliseconds without a zoom after which it is taken to have ended. */
const rest = 120;

/** The value as it was when the zoom last stood still: what takes longer than a frame to draw waits for the end of the gesture. */
export function useWhenStill(value: boolean): boolean {
  const canvas = useStoreApi();
  const [still, setStill] = useState(value);
  useEffect(() => {
    if (still === value) return;
    const take = (): void => startTransition(() => setStill(value));
    let timer = setTimeout(take, rest);
    const unsubscribe = canvas.subscribe(({ transform }, before) => {
      if (transform[2] === before.transform[2]) return;
      clearTimeout(timer);
      timer = setTimeout(take, rest);
    });
    return () => {
      clearTimeout(timer);
      unsubscribe();
    };
  }, [canvas, still, value]);
  return still;
}
