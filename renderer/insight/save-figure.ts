import { saveFile } from '../ui/save-file.ts';
import { toastFailure } from '../ui/toast-store.ts';
import { escaped } from '../ui/xml-text.ts';
import { tokenOf } from './scale-colours.ts';

/** A name for a file: what systems do not take in names becomes a hyphen. */
export const fileNameOf = (name: string): string =>
  name
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 80) || 'figure';

/** With the theme's colours in place of the page's custom properties, which a file does not have. */
export const resolved = (svg: string, token: (name: string) => string): string =>
  svg.replace(/var\((--[\w-]+)\)/g, (_all, name: string) => token(name).replaceAll('"', "'"));

const svgFile = (svg: string): Blob => new Blob([resolved(svg, tokenOf)], { type: 'image/svg+xml' });

/** Pixels of a picture for each of the drawing's. */
const scale = 2;

/** The drawing as a picture. */
async function pngOf(svg: string): Promise<Blob> {
  const address = URL.createObjectURL(svgFile(svg));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = image.width * scale;
    canvas.height = image.height * scale;
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) =>
      canvas.toBlob((png) => (png ? resolve(png) : reject(new Error('The browser made no picture of it: it is too large.')))),
    );
  } finally {
    URL.revokeObjectURL(address);
  }
}

export type PictureKind = 'png' | 'svg';

/** Gives a drawing to the browser to save; nothing where there is none. @param file name without the ending */
export async function savePicture(
  file: string,
  kind: PictureKind,
  draw: () => string | null | Promise<string | null>,
): Promise<void> {
  try {
    const drawn = await draw();
    if (drawn !== null) saveFile(`${file}.${kind}`, kind === 'svg' ? svgFile(drawn) : await pngOf(drawn));
  } catch (error) {
    toastFailure(error, 'The picture was not saved');
  }
}

/** A drawing with its title above it, as a file of its own. `body` is drawn from (0, 0) on. */
export function svgOf(title: string, width: number, height: number, body: string): string {
  const [pad, head] = [16, 40];
  // A narrow figure is as wide as its title.
  const [w, h] = [Math.ceil(Math.max(width, 7.5 * title.length) + 2 * pad), Math.ceil(height + head + pad)];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}" font-family="Inter, system-ui, sans-serif" font-size="12">`,
    `<rect width="${w}" height="${h}" fill="var(--panel)"/>`,
    `<text x="${pad}" y="24" fill="var(--ink)" font-size="13" font-weight="600">${escaped(title)}</text>`,
    `<g transform="translate(${pad} ${head})">${body}</g></svg>`,
  ].join('');
}
