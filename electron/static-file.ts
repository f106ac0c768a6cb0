import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.ttf': 'font/ttf',
};

/** A file of the built window, or `null`: never anything outside `root`, whatever the path says. */
export async function staticFile(
  root: string,
  pathname: string,
): Promise<{ type: string; body: Uint8Array<ArrayBuffer> } | null> {
  let decoded: string;
  try {
    decoded = decodeURIComponent(pathname);
  } catch {
    return null;
  }
  if (decoded.includes('\0')) return null;
  const path = normalize(join(root, decoded.endsWith('/') ? `${decoded}index.html` : decoded));
  if (!path.startsWith(root.endsWith(sep) ? root : root + sep)) return null;
  const type = types[extname(path).toLowerCase()];
  if (type === undefined) return null;
  try {
    return { type, body: new Uint8Array(await readFile(path)) };
  } catch {
    return null;
  }
}
