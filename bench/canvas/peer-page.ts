import { join } from 'node:path';
import type { Browser, Page } from '@playwright/test';
import type { UnrollDocument } from '../../engine/document/schema.ts';
import { titleOf } from '../../renderer/store/node-cards.ts';
import { openBundled, type PageSize } from '../bundled-page.ts';

/** React Flow's stress example with the document's nodes and wires, bundled as the window is; Enter shows them. */
export function openStress(browser: Browser, document: UnrollDocument, viewport: PageSize): Promise<Page> {
  const stress = {
    nodes: document.nodes.map((node) => ({ id: node.id, position: node.position, data: { label: titleOf(document, node) } })),
    edges: document.edges.map(({ id, from, to }) => ({ id, source: from.node, target: to.node })),
  };
  return openBundled(browser, join(import.meta.dirname, 'stress'), { stress }, viewport);
}
