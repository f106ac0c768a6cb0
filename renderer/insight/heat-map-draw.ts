import { type Cell, type Geometry, gutter, labelStride } from './heat-map-geometry.ts';
import type { FigureColours } from './scale-colours.ts';
import type { StepRange } from './store.ts';

/** What a map shows, and where it is marked. */
export interface HeatMapPicture {
  /** One pixel a number, time from left to right. */
  readonly image: HTMLCanvasElement;
  readonly geometry: Geometry;
  /** Of each step. */
  readonly names: readonly string[];
  /** What each row is called, from the top. */
  readonly rowNames: readonly string[];
  readonly cursor: number | null;
  /** Of the pinned unit. */
  readonly row: number | null;
  readonly hover: Cell | null;
  readonly range: StepRange | null;
}

interface View {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly top: number;
}

/** As `--text-small`: a canvas takes no custom property. */
const font = '12px "Inter Variable", Inter, system-ui, sans-serif';

/** Draws what a view of a map shows: the picture is stretched once, the marks and names lie over it. */
export function drawHeatMap(ctx: CanvasRenderingContext2D, picture: HeatMapPicture, view: View, colours: FigureColours): void {
  const { image, geometry } = picture;
  const { width, height, steps, units } = geometry;
  ctx.clearRect(0, 0, view.width, view.height);
  const map = { x: gutter.left, y: 0, width: view.width - gutter.left, height: view.height - gutter.bottom };
  ctx.save();
  ctx.beginPath();
  ctx.rect(map.x, map.y, Math.min(map.width, steps * width - view.left), Math.min(map.height, units * height - view.top));
  ctx.clip();
  ctx.imageSmoothingEnabled = false;
  ctx.drawImage(image, gutter.left - view.left, -view.top, steps * width, units * height);
  const xOf = (step: number): number => gutter.left + step * width - view.left;
  if (width > 22) {
    ctx.fillStyle = colours.panel;
    for (let step = 1; step < steps; step++) ctx.fillRect(Math.round(xOf(step)) - 1, 0, 1, view.height);
  }
  if (picture.range !== null) {
    const { from, to } = picture.range;
    ctx.fillStyle = colours.panel;
    ctx.globalAlpha = 0.55;
    ctx.fillRect(map.x, 0, xOf(from) - map.x, view.height);
    ctx.fillRect(xOf(to + 1), 0, view.width, view.height);
    ctx.globalAlpha = 1;
  }
  const boxed = (x: number, y: number, w: number, h: number, colour: string): void => {
    ctx.strokeStyle = colours.panel;
    ctx.lineWidth = 4;
    ctx.strokeRect(x, y, w, h);
    ctx.strokeStyle = colour;
    ctx.lineWidth = 2;
    ctx.strokeRect(x, y, w, h);
  };
  const bottom = Math.min(map.height, units * height - view.top);
  if (picture.cursor !== null) boxed(xOf(picture.cursor), 1, width - 1, bottom - 2, colours.cursor);
  if (picture.row !== null) {
    const thick = Math.max(height, 5);
    const y = picture.row * height - view.top - (thick - height) / 2;
    boxed(Math.max(map.x + 1, xOf(0)), y, Math.min(map.width, steps * width - view.left) - 2, thick, colours.pinned);
  }
  if (picture.hover !== null) {
    ctx.strokeStyle = colours.ink;
    ctx.lineWidth = 1;
    ctx.strokeRect(xOf(picture.hover.step) + 0.5, picture.hover.row * height - view.top + 0.5, width - 1, height - 1);
  }
  ctx.restore();
  drawNames(ctx, picture, view, colours, bottom);
}

function drawNames(
  ctx: CanvasRenderingContext2D,
  { geometry, names, rowNames, cursor, row }: HeatMapPicture,
  view: View,
  colours: FigureColours,
  bottom: number,
): void {
  const { width, height, steps, units } = geometry;
  ctx.font = font;
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'right';
  const stride = labelStride(height, 18);
  for (let place = 0; place < units; place++) {
    const marked = place === row;
    const near = row !== null && Math.abs(place - row) < stride;
    if (!marked && (place % stride !== 0 || near)) continue;
    const y = (place + 0.5) * height - view.top;
    if (y < 4 || y > bottom - 2) continue;
    ctx.fillStyle = marked ? colours.pinned : colours.dim;
    ctx.fillText(rowNames[place] ?? '', gutter.left - 8, Math.max(8, y));
  }
  ctx.textAlign = 'center';
  ctx.save();
  ctx.beginPath();
  ctx.rect(gutter.left, bottom, view.width - gutter.left, gutter.bottom);
  ctx.clip();
  const longest = names.reduce((most, name) => (name.length > most.length ? name : most), '');
  const every = labelStride(width, Math.min(60, Math.max(26, ctx.measureText(longest).width + 6)));
  for (let step = 0; step < steps; step++) {
    const marked = step === cursor;
    const near = cursor !== null && Math.abs(step - cursor) < every;
    if (!marked && (step % every !== 0 || near)) continue;
    const x = gutter.left + (step + 0.5) * width - view.left;
    if (x < gutter.left || x > view.width) continue;
    const name = shortened(ctx, names[step] ?? '', width * every - 4);
    const half = ctx.measureText(name).width / 2;
    ctx.fillStyle = marked ? colours.ink : colours.dim;
    // Names at an end of what is in view stand inside of it, not cut.
    ctx.fillText(name, Math.min(view.width - half, Math.max(gutter.left + half, x)), bottom + gutter.bottom / 2 + 1);
  }
  ctx.restore();
}

function shortened(ctx: CanvasRenderingContext2D, name: string, room: number): string {
  if (ctx.measureText(name).width <= room) return name;
  for (let length = name.length - 1; length > 0; length--) {
    const short = `${name.slice(0, length)}…`;
    if (ctx.measureText(short).width <= room) return short;
  }
  return name.slice(0, 1);
}
