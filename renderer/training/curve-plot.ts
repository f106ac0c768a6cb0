import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { type DrawnLine, fullRange, type LineBreak, lonePoints, type XRange } from './chart-lines.ts';
import { formatTick, notFinite } from './metric-format.ts';
import { formatDuration } from './time-left.ts';

export interface PlotContent {
  readonly drawn: readonly DrawnLine[];
  /** The same as columns: x, and each line's values. */
  readonly data: uPlot.AlignedData;
  /** Where values are no finite numbers. */
  readonly breaks: readonly LineBreak[];
  readonly range: XRange;
  readonly logarithmic: boolean;
  readonly axis: 'step' | 'epoch' | 'time';
  /** A level line such as the trivial baseline. */
  readonly level: number | undefined;
  /** The values are shares, shown in percent. */
  readonly percent: boolean;
  /** What the vertical axis shows. */
  readonly unit: string;
  /** A point that stands out, e.g. where the best weights are from. */
  readonly mark: PlotMark | undefined;
}

export interface PlotMark {
  readonly x: number;
  readonly y: number;
  readonly label: string;
}

interface PlotEvents {
  /** Index in the x column under the reading line. */
  moved(index: number | null): void;
  zoomed(range: XRange): void;
}

/** As `--text-small`: uPlot takes no custom property. */
const fontSize = 12;
const chartFont = `${fontSize}px Inter Variable, sans-serif`;
/** Distances of ticks at an axis of steps: there is none between two. */
const wholeSteps = Array.from({ length: 10 }, (_, power) => [1, 2, 5].map((digit) => digit * 10 ** power)).flat();
const axisTitles = { step: 'step', epoch: 'epoch', time: 'time in training' } as const;

/** uPlot behind two calls: `show` draws content anew, building another chart only when its lines or axes are others. */
export class CurvePlot {
  #plot: uPlot | null = null;
  #shape = '';
  #content: PlotContent | null = null;
  readonly #element: HTMLElement;
  readonly #events: PlotEvents;
  readonly #resized = new ResizeObserver(() => this.#plot?.setSize(this.#size()));
  readonly #themed = new MutationObserver(() => {
    this.#colors.clear();
    this.#plot?.redraw(false, true);
  });
  /** Tokens of the theme that were read: to read one makes the page compute its styles. */
  readonly #colors = new Map<string, string>();

  constructor(element: HTMLElement, events: PlotEvents) {
    this.#element = element;
    this.#events = events;
    this.#resized.observe(element);
    this.#themed.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  }

  show(content: PlotContent): void {
    this.#content = content;
    const shape = JSON.stringify([
      content.axis,
      content.unit,
      content.logarithmic,
      content.drawn.map(({ line, faint }) => [line.label, line.color, line.dashed, faint]),
    ]);
    const { data } = content;
    if (this.#plot && shape === this.#shape) {
      this.#plot.setData(data);
      return;
    }
    this.#plot?.destroy();
    this.#shape = shape;
    this.#plot = this.#build(content, data);
  }

  /** The x range on screen. */
  get visible(): XRange {
    const { min, max } = this.#plot?.scales['x'] ?? {};
    return { from: min ?? 0, to: max ?? 1 };
  }

  /** Moves the reading line to a column index. */
  read(index: number): void {
    const x = this.#plot?.data[0][index];
    if (this.#plot && x !== undefined) this.#plot.setCursor({ left: this.#plot.valToPos(x, 'x'), top: 10 });
  }

  destroy(): void {
    this.#resized.disconnect();
    this.#themed.disconnect();
    this.#plot?.destroy();
    this.#plot = null;
  }

  #size(): { width: number; height: number } {
    return { width: Math.max(10, this.#element.clientWidth), height: Math.max(10, this.#element.clientHeight) };
  }

  #color(token: string): string {
    const color = this.#colors.get(token) ?? getComputedStyle(this.#element).getPropertyValue(token).trim();
    this.#colors.set(token, color);
    return color;
  }

  #build(content: PlotContent, data: uPlot.AlignedData): uPlot {
    const color = (token: string): string => this.#color(token);
    const look: uPlot.Axis = {
      stroke: () => color('--dim'),
      grid: { stroke: () => color('--line'), width: 1 },
      ticks: { show: false },
      font: chartFont,
      labelFont: chartFont,
      labelSize: 16,
    };
    const time = content.axis === 'time';
    const plot = new uPlot(
      {
        ...this.#size(),
        padding: [8, 10, 0, 0],
        cursor: { drag: { x: true, y: false, setScale: false }, points: { size: 7 } },
        legend: { show: false },
        scales: {
          x: { time: false, range: (_plot, min, max) => visibleRange(this.#content?.range ?? fullRange, min, max) },
          y: {
            distr: content.logarithmic ? 3 : 1,
            range: (_plot, min, max) => this.#valueRange(min, max),
          },
        },
        axes: [
          {
            ...look,
            size: 24,
            label: axisTitles[content.axis],
            ...(content.axis === 'step' ? { incrs: wholeSteps } : {}),
            values: (_plot, ticks) => ticks.map((tick) => (time ? formatDuration(tick) : String(tick))),
          },
          {
            ...look,
            size: 46,
            label: content.unit,
            values: (_plot, ticks) =>
              ticks.map((tick) => (tick === null ? '' : formatTick(tick, this.#content?.percent ?? false))),
          },
        ],
        series: [
          {},
          ...content.drawn.map(
            ({ line, faint }): uPlot.Series => ({
              label: line.label,
              // A point that is no finite number is a gap; a place where the line has no point is not.
              spanGaps: false,
              points: { show: !faint, filter: (plot, index) => lonePoints(plot.data[index] ?? []), size: 6 },
              width: faint ? 1 : 2.2,
              alpha: faint ? 0.4 : 1,
              stroke: () => color(line.color),
              ...(line.dashed ? { dash: [6, 4] } : {}),
            }),
          ),
        ],
        hooks: {
          setCursor: [(u) => this.#events.moved(u.cursor.idx ?? null)],
          setSelect: [(u) => this.#zoom(u)],
          drawSeries: [(u, index) => drawBand(u, this.#content?.drawn[index - 1], color)],
          draw: [
            (u) => drawLevel(u, this.#content?.level, color('--dim')),
            (u) => drawBreaks(u, this.#content?.breaks ?? [], color('--bad')),
            (u) => drawMark(u, this.#content?.mark, color('--good'), color('--panel')),
          ],
        },
      },
      data,
      this.#element,
    );
    plot.over.addEventListener('dblclick', () => this.#events.zoomed(fullRange));
    return plot;
  }

  #valueRange(min: number | null, max: number | null): [number, number] {
    let [low, high] = [min ?? Number.POSITIVE_INFINITY, max ?? Number.NEGATIVE_INFINITY];
    for (const { line } of this.#content?.drawn ?? []) {
      for (const value of line.band?.low ?? []) if (value < low && Number.isFinite(value)) low = value;
      for (const value of line.band?.high ?? []) if (value > high && Number.isFinite(value)) high = value;
    }
    const known = Number.isFinite(low) && Number.isFinite(high);
    return valueRange(known ? low : null, known ? high : null, this.#content?.level, this.#content?.logarithmic ?? false);
  }

  #zoom(plot: uPlot): void {
    const { left, width } = plot.select;
    if (width < 4) return;
    this.#events.zoomed({ from: plot.posToVal(left, 'x'), to: plot.posToVal(left + width, 'x') });
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  }
}

function visibleRange(range: XRange, min: number | null, max: number | null): [number, number] {
  const from = Number.isFinite(range.from) ? range.from : (min ?? 0);
  const to = Number.isFinite(range.to) ? range.to : (max ?? 1);
  return from < to ? [from, to] : [from - 0.5, from + 0.5];
}

function valueRange(min: number | null, max: number | null, level: number | undefined, logarithmic: boolean): [number, number] {
  let low = Math.min(min ?? level ?? 0, level ?? Number.POSITIVE_INFINITY);
  let high = Math.max(max ?? level ?? 1, level ?? Number.NEGATIVE_INFINITY);
  if (logarithmic) {
    low = low > 0 ? low : 1e-4;
    return [low / 1.15, Math.max(high, low * 1.01) * 1.15];
  }
  if (low === high) {
    low -= Math.abs(low) / 10 || 0.5;
    high += Math.abs(high) / 10 || 0.5;
  }
  const margin = (high - low) * 0.06;
  return [low >= 0 ? Math.max(0, low - margin) : low - margin, high + margin];
}

function drawLevel(plot: uPlot, value: number | undefined, color: string): void {
  if (value === undefined) return;
  const y = plot.valToPos(value, 'y', true);
  plot.ctx.save();
  plot.ctx.strokeStyle = color;
  plot.ctx.lineWidth = devicePixelRatio;
  plot.ctx.setLineDash([2 * devicePixelRatio, 4 * devicePixelRatio]);
  plot.ctx.beginPath();
  plot.ctx.moveTo(plot.bbox.left, y);
  plot.ctx.lineTo(plot.bbox.left + plot.bbox.width, y);
  plot.ctx.stroke();
  plot.ctx.restore();
}

/** Fills the band of a line that has one. */
function drawBand(plot: uPlot, drawn: DrawnLine | undefined, color: (token: string) => string): void {
  const { band, x, color: token } = drawn?.line ?? {};
  if (!band || !x || token === undefined || drawn?.faint) return;
  const points = x.flatMap((at, i) => {
    const [low, high] = [band.low[i] ?? Number.NaN, band.high[i] ?? Number.NaN];
    return Number.isFinite(low) && Number.isFinite(high) ? [{ at, low, high }] : [];
  });
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.beginPath();
  for (const { at, high } of points) ctx.lineTo(plot.valToPos(at, 'x', true), plot.valToPos(high, 'y', true));
  for (const { at, low } of points.toReversed()) ctx.lineTo(plot.valToPos(at, 'x', true), plot.valToPos(low, 'y', true));
  ctx.closePath();
  ctx.fillStyle = color(token);
  ctx.globalAlpha = 0.18;
  ctx.fill();
  ctx.restore();
}

/** @param ground drawn around the words, which may stand on a line */
function drawMark(plot: uPlot, mark: PlotMark | undefined, color: string, ground: string): void {
  if (!mark || !Number.isFinite(mark.y)) return;
  const { ctx, bbox } = plot;
  const [left, top] = [plot.valToPos(mark.x, 'x', true), plot.valToPos(mark.y, 'y', true)];
  if (left < bbox.left || left > bbox.left + bbox.width) return;
  ctx.save();
  ctx.strokeStyle = color;
  ctx.fillStyle = color;
  ctx.lineWidth = 2 * devicePixelRatio;
  ctx.setLineDash([]);
  ctx.beginPath();
  ctx.arc(left, top, 5 * devicePixelRatio, 0, 2 * Math.PI);
  ctx.stroke();
  ctx.font = `${fontSize * devicePixelRatio}px Inter Variable, sans-serif`;
  const beside = left > bbox.left + bbox.width / 2;
  ctx.textAlign = beside ? 'right' : 'left';
  ctx.textBaseline = top < bbox.top + bbox.height / 2 ? 'top' : 'bottom';
  const away = 9 * devicePixelRatio;
  const [x, y] = [left + (beside ? -away : away), top + (ctx.textBaseline === 'top' ? away : -away)];
  ctx.strokeStyle = ground;
  ctx.lineWidth = 4 * devicePixelRatio;
  ctx.lineJoin = 'round';
  ctx.strokeText(mark.label, x, y);
  ctx.fillText(mark.label, x, y);
  ctx.restore();
}

/** Says at its place what a line cannot draw: `NaN`, `∞`. */
function drawBreaks(plot: uPlot, breaks: readonly LineBreak[], color: string): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.strokeStyle = color;
  ctx.fillStyle = color;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([3 * devicePixelRatio, 3 * devicePixelRatio]);
  ctx.font = `${fontSize * devicePixelRatio}px Inter Variable, sans-serif`;
  ctx.textBaseline = 'top';
  const words = new Map<number, Set<string>>();
  for (const { x, value } of breaks) words.set(x, (words.get(x) ?? new Set()).add(notFinite(value)));
  for (const [x, said] of words) {
    const left = plot.valToPos(x, 'x', true);
    if (left < bbox.left || left > bbox.left + bbox.width) continue;
    ctx.beginPath();
    ctx.moveTo(left, bbox.top);
    ctx.lineTo(left, bbox.top + bbox.height);
    ctx.stroke();
    const beside = left > bbox.left + bbox.width / 2;
    ctx.textAlign = beside ? 'right' : 'left';
    ctx.fillText([...said].join(', '), left + (beside ? -4 : 4) * devicePixelRatio, bbox.top + 2 * devicePixelRatio);
  }
  ctx.restore();
}
