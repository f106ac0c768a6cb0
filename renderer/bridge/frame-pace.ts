/** For a window that nobody sees: it is shown no frames. */
const atLeastEvery = 1000;

/**
 * Hands on what is told often once for each frame that is shown, all that came since together, and then rests for as long as that
 * took with its drawing: however slow the machine is, half of the window's time stays for its user.
 */
export class FramePace<T> {
  #waiting: T[] = [];
  #busy = false;
  readonly #take: (item: T) => void;

  constructor(take: (item: T) => void) {
    this.#take = take;
  }

  add(item: T): void {
    this.#waiting.push(item);
    if (!this.#busy) this.#ask();
  }

  /** Hands on at once what waits, in its order. */
  flush(): void {
    for (let item = this.#waiting.shift(); item !== undefined; item = this.#waiting.shift()) this.#take(item);
  }

  #ask(): void {
    this.#busy = true;
    const show = (): void => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
      this.#show();
    };
    const frame = requestAnimationFrame(show);
    const timer = setTimeout(show, atLeastEvery);
  }

  #show(): void {
    const begun = performance.now();
    // Comes after the frame has been drawn.
    setTimeout(() => setTimeout(() => this.#rested(), performance.now() - begun));
    this.flush();
  }

  #rested(): void {
    this.#busy = false;
    if (this.#waiting.length > 0) this.#ask();
  }
}
