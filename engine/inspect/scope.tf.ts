import { engine, keep, type Tensor, tidy } from '@tensorflow/tfjs-core';

/** Runs something that leaves no tensor behind: what it returns holds none. */
export function inScope<T>(work: () => T): T {
  const found: T[] = [];
  tidy(() => {
    found.push(work());
  });
  return found[0] as T;
}

/**
 * Does work in a scope that lasts from its first piece to its last: what it leaves behind goes then, also where it ends early. In between,
 * other work has scopes of its own, such as a step of training. What it returns holds no tensor.
 */
export function* inLongScope<P, T>(work: Generator<P, T>): Generator<P, T> {
  const made = new Set<Tensor>();
  try {
    for (;;) {
      const { done, value } = piece(made, () => work.next());
      if (done === true) return value;
      yield value;
    }
  } finally {
    for (const tensor of made) tensor.dispose();
  }
}

/** What it makes outlives it, unless it is freed by hand or somebody else keeps it. */
function piece<T>(made: Set<Tensor>, work: () => T): T {
  const all = engine();
  all.startScope();
  try {
    return work();
  } finally {
    for (const tensor of made) if (tensor.isDisposed) made.delete(tensor);
    for (const tensor of all.state.activeScope.track) if (!tensor.isDisposed && !tensor.kept) made.add(keep(tensor));
    all.endScope();
  }
}
