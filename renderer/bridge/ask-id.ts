/** Other windows name theirs otherwise. */
const windowName = Math.random().toString(36).slice(2, 10);
let made = 0;

/** A name of its own for something long that the engine is asked, by which it tells how far it is, and is told to stop. */
export const askId = (): string => `${windowName}-${++made}`;
