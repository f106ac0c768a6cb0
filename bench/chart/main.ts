import { alignLines, drawLines, lineBreaks } from '../../renderer/training/chart-lines.ts';

/** What the window does for each new picture of a training curve, without the painting: prints a row for each number of points. */
const sizes = [10_000, 100_000, 1_000_000];
/** Points that come with each picture, ten times a second. */
const batch = 20;
const pictures = 50;

const loss = (step: number): number => Math.exp(-step / 3e5) + ((step * 2_654_435_761) % 1000) / 5000;

function measure(points: number): { readonly first: number; readonly next: number } {
  const x = Array.from({ length: points }, (_, i) => i + 1);
  const y = x.map(loss);
  const draw = (): number => {
    const started = performance.now();
    const lines = [{ label: 'train', color: '--accent', x, y, smoothed: true }];
    alignLines(drawLines(lines, 0.6, false));
    lineBreaks(lines);
    return performance.now() - started;
  };
  const first = draw();
  const times = Array.from({ length: pictures }, () => {
    for (let i = 0; i < batch; i++) {
      x.push(x.length + 1);
      y.push(loss(x.length));
    }
    return draw();
  });
  return { first, next: times.sort((a, b) => a - b)[pictures / 2] ?? Number.NaN };
}

console.log('points | first picture, ms | each after, ms (median)');
for (const points of sizes) {
  const { first, next } = measure(points);
  console.log(`${points.toLocaleString('en')} | ${first.toFixed(1)} | ${next.toFixed(1)}`);
}
