import { escaped } from './xml-text.ts';

/** Where a drawing of a part of the page begins, px of the window, and how many of them are one of its units. */
export interface DrawingPlace {
  readonly left: number;
  readonly top: number;
  readonly scale: number;
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Paint {
  readonly colour: string;
  readonly opacity: number;
}

/**
 * What an element shows as SVG that any program draws: boxes, text, lines, and what canvases show as pictures of their own. Text is as wide
 * as on the page, whatever fonts there are where it is looked at. Shadows are left out.
 */
export function drawingOf(element: Element, place: DrawingPlace): string {
  return new Drawing(place).of(element);
}

class Drawing {
  readonly #place: DrawingPlace;
  /** What is seen as one: also a sign of several code points. */
  readonly #letters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  #clips = 0;

  constructor(place: DrawingPlace) {
    this.#place = place;
  }

  of(element: Element): string {
    const style = getComputedStyle(element);
    const opacity = Number(style.opacity);
    if (style.display === 'none' || opacity === 0) return '';
    const isShown = style.visibility === 'visible';
    const body = `${isShown ? this.#own(element, style) : ''}${this.#content(element, style, isShown)}`;
    return opacity < 1 && body !== '' ? `<g opacity="${opacity}">${body}</g>` : body;
  }

  /** What is painted by itself, under its children. */
  #own(element: Element, style: CSSStyleDeclaration): string {
    if (element instanceof SVGElement) return element instanceof SVGGeometryElement ? this.#shape(element, style) : '';
    const box = this.#box(element.getBoundingClientRect());
    const parts = [boxed(box, style), this.#pseudo(element, '::before'), this.#pseudo(element, '::after')];
    const picture = pictureOf(element);
    if (picture !== null)
      parts.push(
        `<image ${attributes({ ...box, preserveAspectRatio: 'none', style: style.imageRendering === 'pixelated' ? 'image-rendering: pixelated' : '', href: picture })}/>`,
      );
    return parts.join('');
  }

  /** Its children, within its box where it lets nothing look out. */
  #content(element: Element, style: CSSStyleDeclaration, isShown: boolean): string {
    const [inside, outside]: [string[], string[]] = [[], []];
    for (const child of element.childNodes) {
      if (child instanceof Element) (isClippedBy(style, child) ? inside : outside).push(this.of(child));
      else if (isShown && child instanceof Text) inside.push(this.#text(child, style));
    }
    return `${this.#clipped(element, style, inside.join(''))}${outside.join('')}`;
  }

  /** A shape of a drawing on the page, where its own transforms have it. */
  #shape(shape: SVGGeometryElement, style: CSSStyleDeclaration): string {
    const matrix = shape.getScreenCTM();
    const [fill, stroke] = [paintOf(style.fill), paintOf(style.stroke)];
    if (matrix === null || (fill === null && stroke === null)) return '';
    const { left, top, scale } = this.#place;
    const own = Object.fromEntries(geometry.map((name) => [name, shape.getAttribute(name) ?? '']));
    const steady = style.vectorEffect === 'non-scaling-stroke';
    const { a, b, c, d, e, f } = matrix;
    const transform = [a / scale, b / scale, c / scale, d / scale, (e - left) / scale, (f - top) / scale].map(rounded).join(' ');
    return `<${shape.localName} ${attributes({
      ...own,
      transform: `matrix(${transform})`,
      fill: fill?.colour ?? 'none',
      'fill-opacity': times(fill?.opacity ?? 1, style.fillOpacity),
      ...(stroke && {
        stroke: stroke.colour,
        'stroke-opacity': times(stroke.opacity, style.strokeOpacity),
        'stroke-width': Number.parseFloat(style.strokeWidth) / (steady ? Math.hypot(a, b) : 1),
        'stroke-dasharray': style.strokeDasharray === 'none' ? '' : style.strokeDasharray.replaceAll('px', ''),
        'stroke-linecap': style.strokeLinecap,
        'stroke-linejoin': style.strokeLinejoin,
      }),
    })}/>`;
  }

  /** What a style puts before or after an element's content. */
  #pseudo(element: Element, which: '::before' | '::after'): string {
    const style = getComputedStyle(element, which);
    if (style.content === 'none' || style.position !== 'absolute' || style.display === 'none') return '';
    const { x, y } = this.#box(element.getBoundingClientRect());
    const [left = 0, top = 0, width = 0, height = 0] = [style.left, style.top, style.width, style.height].map(Number.parseFloat);
    return boxed({ x: x + left, y: y + top, width, height }, style);
  }

  #text(node: Text, style: CSSStyleDeclaration): string {
    if (node.data.trim() === '') return '';
    const fill = paintOf(node.parentElement instanceof SVGElement ? style.fill : style.color);
    if (fill === null) return '';
    const ascent = ascentOf(style);
    return linesOf(node, this.#letters)
      .map(({ text, rect }) => {
        const { x, y, width } = this.#box(rect);
        return `<text ${attributes({
          x,
          y: y + ascent,
          fill: fill.colour,
          'fill-opacity': fill.opacity,
          'font-family': style.fontFamily,
          'font-size': Number.parseFloat(style.fontSize),
          'font-weight': style.fontWeight,
          'font-style': style.fontStyle,
          textLength: width,
          lengthAdjust: 'spacingAndGlyphs',
        })} xml:space="preserve">${escaped(style.textTransform === 'uppercase' ? text.toUpperCase() : text)}</text>`;
      })
      .join('');
  }

  #clipped(element: Element, style: CSSStyleDeclaration, children: string): string {
    const clips = style.overflowX !== 'visible' || style.overflowY !== 'visible';
    const looksOut = element.scrollWidth > element.clientWidth || element.scrollHeight > element.clientHeight;
    if (children === '' || !clips || !looksOut || element instanceof SVGElement) return children;
    const box = this.#box(element.getBoundingClientRect());
    // Such as what is read out alone.
    if (box.width <= 1 || box.height <= 1) return '';
    const id = `clip-${++this.#clips}`;
    return `<clipPath id="${id}"><rect ${attributes({ ...box })}/></clipPath><g clip-path="url(#${id})">${children}</g>`;
  }

  #box({ left, top, width, height }: DOMRect): Box {
    const place = this.#place;
    return {
      x: (left - place.left) / place.scale,
      y: (top - place.top) / place.scale,
      width: width / place.scale,
      height: height / place.scale,
    };
  }
}

/** What is placed in a box further out is not cut off by one that it only stands in. */
const isClippedBy = (style: CSSStyleDeclaration, child: Element): boolean =>
  style.position !== 'static' || getComputedStyle(child).position !== 'absolute';

/** What says where a shape is, whatever its kind. */
const geometry = ['d', 'points', 'x', 'y', 'width', 'height', 'rx', 'ry', 'cx', 'cy', 'r', 'x1', 'y1', 'x2', 'y2'] as const;

const sides = ['Top', 'Right', 'Bottom', 'Left'] as const;

/** Ground and border. */
function boxed({ x, y, width, height }: Box, style: CSSStyleDeclaration): string {
  if (width <= 0 || height <= 0) return '';
  const ground = paintOf(style.backgroundColor);
  const borders = sides.map((side) => {
    const size = style[`border${side}Style`] === 'none' ? 0 : Number.parseFloat(style[`border${side}Width`]);
    return { size, paint: size > 0 ? paintOf(style[`border${side}Color`]) : null };
  });
  const [first] = borders;
  const even = borders.every(({ size, paint }) => size === first?.size && paint?.colour === first.paint?.colour);
  const radius = Math.min(cornerOf(style.borderTopLeftRadius, width), width / 2, height / 2);
  const parts: string[] = [];
  const frame = even && first?.paint ? first : null;
  if (ground !== null || frame !== null) {
    const inset = (frame?.size ?? 0) / 2;
    parts.push(
      `<rect ${attributes({
        x: x + inset,
        y: y + inset,
        width: Math.max(0, width - 2 * inset),
        height: Math.max(0, height - 2 * inset),
        rx: Math.max(0, radius - inset) || '',
        fill: ground?.colour ?? 'none',
        'fill-opacity': ground?.opacity ?? 1,
        ...(frame?.paint && {
          stroke: frame.paint.colour,
          'stroke-opacity': frame.paint.opacity,
          'stroke-width': frame.size,
          'stroke-dasharray': style.borderTopStyle === 'dashed' ? `${3 * frame.size} ${2 * frame.size}` : '',
        }),
      })}/>`,
    );
  }
  if (even) return parts.join('');
  const lines = [
    [x, y, width, borders[0]?.size],
    [x + width - (borders[1]?.size ?? 0), y, borders[1]?.size, height],
    [x, y + height - (borders[2]?.size ?? 0), width, borders[2]?.size],
    [x, y, borders[3]?.size, height],
  ];
  for (const [side, [left, top, w, h]] of lines.entries()) {
    const paint = borders[side]?.paint;
    if (paint)
      parts.push(
        `<rect ${attributes({ x: left ?? 0, y: top ?? 0, width: w ?? 0, height: h ?? 0, fill: paint.colour, 'fill-opacity': paint.opacity })}/>`,
      );
  }
  return parts.join('');
}

/** A corner's radius, px; of shares those of the width. */
const cornerOf = (radius: string, width: number): number =>
  radius.endsWith('%') ? (Number.parseFloat(radius) * width) / 100 : Number.parseFloat(radius);

/** A canvas or picture as an address that holds all of it; `null` of any other element, and of one that may not be read. */
function pictureOf(element: Element): string | null {
  if (element instanceof HTMLCanvasElement) return element.width > 0 && element.height > 0 ? element.toDataURL() : null;
  if (!(element instanceof HTMLImageElement) || !element.complete || element.naturalWidth === 0) return null;
  const canvas = document.createElement('canvas');
  canvas.width = element.naturalWidth;
  canvas.height = element.naturalHeight;
  canvas.getContext('2d')?.drawImage(element, 0, 0);
  return canvas.toDataURL();
}

interface Line {
  text: string;
  rect: DOMRect;
}

/** A text's lines, as they are broken on the page, without what has no width there, as a space where a line is broken. */
function linesOf(node: Text, letters: Intl.Segmenter): readonly Line[] {
  const range = document.createRange();
  const lines: Line[] = [];
  for (const { index, segment } of letters.segment(node.data)) {
    range.setStart(node, index);
    range.setEnd(node, index + segment.length);
    const [rect] = range.getClientRects();
    if (rect === undefined || rect.width === 0) continue;
    const text = segment.replace(/\s/, ' ');
    const line = lines.at(-1);
    if (line === undefined || rect.top > line.rect.top + line.rect.height / 2) lines.push({ text, rect });
    else {
      const right = Math.max(line.rect.right, rect.right);
      line.text += text;
      line.rect = new DOMRect(line.rect.left, line.rect.top, right - line.rect.left, line.rect.height);
    }
  }
  return lines;
}

let made: CanvasRenderingContext2D | null = null;
/** A canvas of a pixel, which knows what colours and fonts are. */
function brush(): CanvasRenderingContext2D {
  made ??= document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  if (made === null) throw new Error('The browser has no canvas to draw with.');
  return made;
}

const paints = new Map<string, Paint | null>();

/** A colour in a form that is known outside of browsers too; `null` where nothing is painted. */
function paintOf(colour: string): Paint | null {
  const known = paints.get(colour);
  if (known !== undefined) return known;
  const paint = colour === 'none' || colour.startsWith('url(') ? null : painted(colour);
  paints.set(colour, paint);
  return paint;
}

function painted(colour: string): Paint | null {
  const pixel = brush();
  pixel.clearRect(0, 0, 1, 1);
  pixel.fillStyle = colour;
  pixel.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0, alpha = 0] = pixel.getImageData(0, 0, 1, 1).data;
  if (alpha === 0) return null;
  const hex = [red, green, blue].map((channel) => channel.toString(16).padStart(2, '0')).join('');
  return { colour: `#${hex}`, opacity: alpha / 255 };
}

/** From the upper end of a line's box to its base line, in the text's own units. */
function ascentOf(style: CSSStyleDeclaration): number {
  const pixel = brush();
  pixel.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  return pixel.measureText('x').fontBoundingBoxAscent;
}

const times = (opacity: number, more: string): number => opacity * Number.parseFloat(more || '1');

const rounded = (value: number): number => Number(value.toFixed(3));

const attributes = (all: Readonly<Record<string, string | number>>): string =>
  Object.entries(all)
    .filter(([name, value]) => value !== '' && !(name.endsWith('opacity') && value === 1))
    .map(([name, value]) => `${name}="${typeof value === 'number' ? rounded(value) : escaped(value)}"`)
    .join(' ');
