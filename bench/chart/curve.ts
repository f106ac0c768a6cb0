import type { ChartLine } from '../../renderer/training/chart-lines.ts';

/** Points that come with each picture, ten times a second. */
export const batch = 20;

const loss = (step: number): number => Math.exp(-step / 3e5) + ((step * 2_654_435_761) % 1000) / 5000;

/** A training curve with noise, that grows in place. */
export class Curve {
  readonly #x: number[] = [];
  readonly #y: number[] = [];

  constructor(points: number) {
    this.grow(points);
  }

  grow(points: number): void {
    for (let i = 0; i < points; i++) {
      this.#x.push(this.#x.length + 1);
      this.#y.push(loss(this.#x.length));
    }
  }

  lines(): readonly ChartLine[] {
    return [{ label: 'train', color: '--accent', x: this.#x, y: this.#y, smoothed: true }];
  }
}
