let composedOnly = false;

/** Whether what runs now is the composed form alone. */
export const isComposedOnly = (): boolean => composedOnly;

/** Runs something without any op of our own: what every other implementation is checked against. Not to be given a promise. */
export function withComposedOnly<T>(run: () => T): T {
  composedOnly = true;
  try {
    return run();
  } finally {
    composedOnly = false;
  }
}
