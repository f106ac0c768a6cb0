import type { Failure } from '../../engine/protocol/envelope.ts';

/** Name in the storage of this page's origin, which is its port's own. The other half is a cookie that no script reads. */
const keyName = 'unroll-key';

/** What a window says that has no code, or one that is spent. */
export const notLetIn: Failure = {
  code: 'not-let-in',
  message: 'This browser is not let in.',
  hint: 'Open the newest address that Unroll printed where it was started; each lets one browser in, once. If you did not use the last one yourself, end Unroll and start it again.',
};

/**
 * The key by which this browser reaches the engine: kept from before, or had for the code in the address. The code leaves the
 * address and this page's history at once.
 */
export async function entranceKey(page: Window): Promise<string | null> {
  const code = new URLSearchParams(page.location.hash.slice(1)).get('code');
  if (code !== null) {
    page.history.replaceState(page.history.state, '', page.location.pathname + page.location.search);
    const answer = await page.fetch('/enter', { method: 'POST', body: code }).catch(() => null);
    if (answer?.ok) page.localStorage.setItem(keyName, await answer.text());
  }
  return page.localStorage.getItem(keyName);
}

const pathOf = (key: string): string => `/engine?key=${encodeURIComponent(key)}`;

/** The engine's address for a browser that was let in. */
export function engineAddress(page: Window, key: string): string {
  const scheme = page.location.protocol === 'https:' ? 'wss' : 'ws';
  return `${scheme}://${page.location.host}${pathOf(key)}`;
}

/** Whether the shell is there and does not let this browser in. */
export async function isRefused(page: Window, key: string): Promise<boolean> {
  const answer = await page.fetch(pathOf(key)).catch(() => null);
  return answer?.status === 401;
}
