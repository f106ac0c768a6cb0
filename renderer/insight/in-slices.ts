/** How long a slice of work takes, ms: a frame has room for the rest of the page beside it. */
const slice = 6;

/** Does all of it now. */
export function atOnce<T>(work: Generator<void, T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
  }
}

/** Does work in the time that frames leave. @returns what ends it before its time */
export function inSlices<T>(work: Generator<void, T>, onDone: (result: T) => void): () => void {
  const go = (): void => {
    for (const end = performance.now() + slice; performance.now() < end; ) {
      const { done, value } = work.next();
      if (done === true) {
        onDone(value);
        return;
      }
    }
    timer = setTimeout(go, 0);
  };
  let timer = setTimeout(go, 0);
  return () => clearTimeout(timer);
}
