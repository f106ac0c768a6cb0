import { escaped } from '../ui/xml-text.ts';
import type { Pen } from './trajectory-draw.ts';

/** As `--text-small`: a canvas takes no custom property. */
const font = '12px "Inter Variable", Inter, system-ui, sans-serif';

/** Draws on a canvas. */
export function canvasPen(ctx: CanvasRenderingContext2D): Pen {
  const trace = (points: readonly (readonly [number, number])[]): void => {
    ctx.beginPath();
    for (const [at, [x, y]] of points.entries()) {
      if (at === 0) ctx.moveTo(x, y);
      else ctx.lineTo(x, y);
    }
  };
  return {
    line: (points, colour, width, opacity) => {
      trace(points);
      ctx.globalAlpha = opacity;
      ctx.strokeStyle = colour;
      ctx.lineWidth = width;
      ctx.lineJoin = 'round';
      ctx.stroke();
      ctx.globalAlpha = 1;
    },
    dot: (x, y, radius, colour, opacity, edge) => {
      ctx.beginPath();
      ctx.arc(x, y, radius, 0, 2 * Math.PI);
      ctx.globalAlpha = opacity;
      ctx.fillStyle = colour;
      ctx.fill();
      if (edge !== undefined) {
        ctx.strokeStyle = edge;
        ctx.lineWidth = 1.5;
        ctx.stroke();
      }
      ctx.globalAlpha = 1;
    },
    shape: (points, colour, edge) => {
      trace(points);
      ctx.closePath();
      ctx.fillStyle = colour;
      ctx.fill();
      ctx.strokeStyle = edge;
      ctx.lineWidth = 1.5;
      ctx.stroke();
    },
    text: (x, y, text, colour, halo) => {
      ctx.font = font;
      ctx.textBaseline = 'middle';
      ctx.lineJoin = 'round';
      ctx.strokeStyle = halo;
      ctx.lineWidth = 4;
      ctx.strokeText(text, x, y);
      ctx.fillStyle = colour;
      ctx.fillText(text, x, y);
    },
  };
}

/** Writes SVG. */
export function svgPen(into: string[]): Pen {
  const path = (points: readonly (readonly [number, number])[]): string =>
    points.map(([x, y], at) => `${at === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');
  return {
    line: (points, colour, width, opacity) =>
      into.push(
        `<path d="${path(points)}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-opacity="${opacity.toFixed(2)}"/>`,
      ),
    dot: (x, y, radius, colour, opacity, edge) =>
      into.push(
        `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${radius}" fill="${colour}" fill-opacity="${opacity.toFixed(2)}"${edge === undefined ? '' : ` stroke="${edge}" stroke-width="1.5"`}/>`,
      ),
    shape: (points, colour, edge) =>
      into.push(`<path d="${path(points)}Z" fill="${colour}" stroke="${edge}" stroke-width="1.5"/>`),
    text: (x, y, text, colour, halo) =>
      into.push(
        `<text x="${x.toFixed(1)}" y="${(y + 4).toFixed(1)}" fill="${colour}" stroke="${halo}" stroke-width="4" paint-order="stroke">${escaped(text)}</text>`,
      ),
  };
}
