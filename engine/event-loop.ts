/** Other work gets its turn at least this often, in milliseconds, where a piece of the work is not longer. */
export const longestTurn = 12;

/**
 * Does work to its end, piece by piece, and lets waiting messages be handled in between.
 *
 * @param after is told what each piece says; what it throws ends the work
 */
export async function givingWay<P, T>(work: Generator<P, T>, after?: (piece: P) => void): Promise<T> {
  let since = performance.now();
  try {
    for (;;) {
      const { done, value } = work.next();
      if (done === true) return value;
      after?.(value);
      if (performance.now() - since < longestTurn) continue;
      await yieldToEvents();
      since = performance.now();
    }
  } finally {
    // What it holds goes, also where it is not done.
    work.return(undefined as never);
  }
}

/** The same without giving way to anything. */
export function atOnce<T>(work: Generator<unknown, T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
  }
}

/**
 * Lets waiting messages be handled between two training steps. `setTimeout` would wait 4 ms each time in a browser.
 */
export function yieldToEvents(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') {
      setImmediate(resolve);
      return;
    }
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
