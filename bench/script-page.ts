import type { Browser, Page } from '@playwright/test';
import { build } from 'esbuild';

/** Never resolved: the pages are answered by `route`. It counts as secure, as WebGPU demands. */
export const address = 'http://localhost:9/';

/** A script with all that it imports, for a page. */
export async function bundled(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    target: 'chrome120',
    logLevel: 'silent',
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error(`esbuild gave no bundle of ${entry}`);
  return file.text;
}

/** An empty page that has run a script. */
export async function scriptPage(browser: Browser, script: string): Promise<Page> {
  const page = await browser.newPage();
  await page.route(`${address}**`, (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }));
  await page.goto(address);
  await page.addScriptTag({ content: script });
  return page;
}
