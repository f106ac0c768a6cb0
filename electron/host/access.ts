import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { requestPath } from './request-path.ts';

const secret = (): string => randomBytes(24).toString('base64url');

/** In constant time, whatever the lengths. */
function equal(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** What a browser holds once it is let in. */
interface Admission {
  /** `Set-Cookie`: no script reads it and no other site's request carries it. It goes to every port of this host, though. */
  readonly cookie: string;
  /** Kept by the page in its origin's storage, which no other port reads. */
  readonly key: string;
}

/**
 * Who may use the engine: a browser that has shown a code, which then is spent. It holds a cookie and a key from then on and needs
 * both, because a cookie is also sent to other ports of this computer, where another user's server may listen.
 */
export class Access {
  readonly #cookie = secret();
  readonly #key = secret();
  #code = secret();

  /** Lets one browser in, once. */
  get code(): string {
    return this.#code;
  }

  /** What the browser is to hold, or `null` where the code is wrong or spent. */
  admit(code: string, port: number): Admission | null {
    if (!equal(code, this.#code)) return null;
    this.#code = secret();
    return { cookie: `${cookieName(port)}=${this.#cookie}; Path=/engine; HttpOnly; SameSite=Strict`, key: this.#key };
  }

  holds(headers: Pick<IncomingMessage['headers'], 'cookie'>, key: string | null, port: number): boolean {
    return equal(cookieOf(headers.cookie, cookieName(port)), this.#cookie) && equal(key ?? '', this.#key);
  }
}

/** Cookies are shared by all ports of a host: several Unrolls at once keep theirs apart by name. */
const cookieName = (port: number): string => `unroll-${port}`;

function cookieOf(header: string | undefined, name: string): string {
  const found = (header ?? '').split(';').find((pair) => pair.trim().startsWith(`${name}=`));
  return found === undefined ? '' : found.trim().slice(name.length + 1);
}

export const isLoopback = (host: string | undefined, port: number): boolean =>
  host === `127.0.0.1:${port}` || host === `localhost:${port}`;

type Asking = Pick<IncomingMessage, 'url' | 'headers'>;

/**
 * Why a request for the engine is refused, as an HTTP status, or `null`. The host must be this one by name (no DNS rebinding), the
 * page that asks must be the window's own, and its browser must have been let in.
 */
export function refusal(request: Asking, access: Access, port: number): string | null {
  const { host, origin } = request.headers;
  if (!isLoopback(host, port)) return '421 Misdirected Request';
  // A page's own GET names no origin; a WebSocket always does.
  const named = origin !== undefined || request.headers.upgrade !== undefined;
  if (named && origin !== `http://${host}`) return '403 Forbidden';
  const asked = requestPath(request.url);
  if (asked?.path !== '/engine') return '404 Not Found';
  return access.holds(request.headers, asked.query.get('key'), port) ? null : '401 Unauthorized';
}
