import type { Browser, Page } from '@playwright/test';
import react from '@vitejs/plugin-react';
import { build, type Rolldown } from 'vite';

/** Never resolved: the page is answered from memory. */
const address = 'http://localhost:9/';

export interface PageSize {
  readonly width: number;
  readonly height: number;
}

/**
 * A page of its own, bundled as the window is.
 *
 * @param root folder with its `index.html`
 * @param given properties that its `window` has from the start
 */
export async function openBundled(browser: Browser, root: string, given: object, viewport: PageSize): Promise<Page> {
  const files = await bundle(root);
  const page = await browser.newPage({ viewport });
  await page.route(`${address}**`, async (route) => {
    const name = new URL(route.request().url()).pathname.slice(1) || 'index.html';
    const body = files.get(name);
    const contentType = name.endsWith('.js') ? 'text/javascript' : name.endsWith('.css') ? 'text/css' : 'text/html';
    if (body === undefined) await route.fulfill({ status: 404 });
    else await route.fulfill({ contentType, body });
  });
  await page.addInitScript((properties) => Object.assign(window, properties), given);
  await page.goto(address);
  return page;
}

async function bundle(root: string): Promise<ReadonlyMap<string, string>> {
  const built = await build({
    root,
    configFile: false,
    base: './',
    plugins: [react()],
    logLevel: 'warn',
    build: { write: false, target: 'chrome120', chunkSizeWarningLimit: 4000 },
  });
  const { output } = built as Rolldown.RolldownOutput;
  return new Map(output.map((file) => [file.fileName, file.type === 'chunk' ? file.code : String(file.source)]));
}
