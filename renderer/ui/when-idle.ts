/** Milliseconds that are worked at once, and after which it is begun though there is something else to do. */
const [slice, latest] = [4, 500] as const;

/**
 * Does work a step at a time while the page has nothing else to do.
 *
 * @param done what to do with what it came to
 * @returns what gives it up
 */
export function whenIdle<T>(work: Generator<void, T>, done: (result: T) => void): () => void {
  let giveUp = idle(turn, latest);
  function turn(): void {
    const end = performance.now() + slice;
    for (let step = work.next(); ; step = work.next()) {
      if (step.done) {
        done(step.value);
        return;
      }
      if (performance.now() >= end) break;
    }
    giveUp = idle(turn, latest);
  }
  return () => giveUp();
}

/**
 * Does something once the page has nothing else to do.
 *
 * @param timeout milliseconds after which it is done all the same
 * @returns what gives it up
 */
export function idle(act: () => void, timeout?: number): () => void {
  // Safari has none.
  if (!('requestIdleCallback' in window)) {
    const timer = setTimeout(act, slice);
    return () => clearTimeout(timer);
  }
  const handle = requestIdleCallback(act, timeout === undefined ? {} : { timeout });
  return () => cancelIdleCallback(handle);
}
