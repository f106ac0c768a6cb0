import { join } from 'node:path';
import type { Browser, Page } from '@playwright/test';
import react from '@vitejs/plugin-react';
import { build, type Rolldown } from 'vite';
import type { UnrollDocument } from '../../engine/document/schema.ts';
import { titleOf } from '../../renderer/store/node-cards.ts';

/** Never resolved: the page is answered from memory. */
const address = 'http://localhost:9/';

/** React Flow's stress example with the document's nodes and wires, bundled as the window is; Enter shows them. */
export async function openStress(
  browser: Browser,
  document: UnrollDocument,
  viewport: Page['viewportSize'] extends () => infer V ? V : never,
): Promise<Page> {
  const files = await bundle();
  const page = await browser.newPage({ viewport });
  await page.route(`${address}**`, async (route) => {
    const name = new URL(route.request().url()).pathname.slice(1) || 'index.html';
    const body = files.get(name);
    const contentType = name.endsWith('.js') ? 'text/javascript' : name.endsWith('.css') ? 'text/css' : 'text/html';
    if (body === undefined) await route.fulfill({ status: 404 });
    else await route.fulfill({ contentType, body });
  });
  await page.addInitScript((stress) => Object.assign(window, { stress }), {
    nodes: document.nodes.map((node) => ({ id: node.id, position: node.position, data: { label: titleOf(document, node) } })),
    edges: document.edges.map(({ id, from, to }) => ({ id, source: from.node, target: to.node })),
  });
  await page.goto(address);
  return page;
}

async function bundle(): Promise<ReadonlyMap<string, string>> {
  const built = await build({
    root: join(import.meta.dirname, 'stress'),
    configFile: false,
    base: './',
    plugins: [react()],
    logLevel: 'warn',
    build: { write: false, target: 'chrome120' },
  });
  const { output } = built as Rolldown.RolldownOutput;
  return new Map(output.map((file) => [file.fileName, file.type === 'chunk' ? file.code : String(file.source)]));
}
