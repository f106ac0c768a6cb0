import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from '@playwright/test';
import { findChromium, noChromium } from './find-chromium.ts';
import { type Channel, Peer, PeerError, type PeerName, type Request } from './peer.ts';
import { address, bundled, scriptPage } from './script-page.ts';
import type { StartedPeers } from './start-peers.ts';

const flags = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--enable-unsafe-webgpu',
  '--enable-features=Vulkan',
  '--use-webgpu-adapter=swiftshader',
];

/** The functions that the bundled page puts on `globalThis`. */
type PeerPage = typeof globalThis & {
  startPeer(name: PeerName): Promise<unknown>;
  askPeer(request: Request): Promise<unknown>;
};

/** One page each for the peers that run on WebGPU, in one Chromium with its software adapter. */
export async function openPages(names: readonly PeerName[]): Promise<StartedPeers | { readonly reason: string }> {
  const script = await bundled(join(import.meta.dirname, 'peers', 'browser.tf.ts'));
  const browser = await launch();
  if (browser === null) return { reason: noChromium };
  const open = async (name: PeerName): Promise<Channel> => {
    const page = await browser.newPage();
    await page.route(`${address}**`, async (route) => {
      const url = new URL(route.request().url());
      if (url.pathname === '/file') await route.fulfill({ body: await readFile(decodeURIComponent(url.search.slice(1))) });
      else if (url.pathname === '/peer.js') await route.fulfill({ contentType: 'text/javascript', body: script });
      else await route.fulfill({ contentType: 'text/html', body: '<!doctype html><script src="/peer.js"></script>' });
    });
    await page.goto(address);
    return {
      greeting: await page.evaluate((peer) => (globalThis as PeerPage).startPeer(peer), name),
      ask: (request) => page.evaluate((asked) => (globalThis as PeerPage).askPeer(asked), request),
      ended: () => page.isClosed(),
      close: () => page.close(),
    };
  };
  const peers: Peer[] = [];
  try {
    for (const name of names) if (name === 'unroll' || name === 'tfjs_layers') peers.push(new Peer(name, await open(name)));
  } catch (error) {
    await browser.close();
    if (error instanceof PeerError) return { reason: error.message };
    throw error;
  }
  return { peers, absent: [], close: () => browser.close() };
}

/** An empty page with a script, in a Chromium of its own with WebGPU in software. */
export async function openPage(
  entry: string,
): Promise<{ readonly page: Page; close(): Promise<void> } | { readonly reason: string }> {
  const script = await bundled(entry);
  const browser = await launch();
  if (browser === null) return { reason: noChromium };
  return { page: await scriptPage(browser, script), close: () => browser.close() };
}

/** `null`: there is no Chromium. */
async function launch(): Promise<Browser | null> {
  const { chromium } = await import('@playwright/test');
  const executablePath = findChromium(chromium.executablePath());
  return executablePath === null ? null : chromium.launch({ executablePath, args: flags });
}
