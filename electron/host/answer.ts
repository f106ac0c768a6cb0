import type { IncomingMessage, ServerResponse } from 'node:http';
import { securityHeaders } from '../content-security-policy.ts';
import { staticFile } from '../static-file.ts';
import { type Access, isLoopback, refusal } from './access.ts';
import { requestPath } from './request-path.ts';

interface Answering {
  readonly renderer: string;
  readonly access: Access;
  readonly port: number;
  /** A browser was let in, and its code is spent. */
  onAdmitted(): void;
}

/** Longer than any code. */
const longestCode = 256;

/**
 * Every request that is no WebSocket: the window's files for anybody who asks for them here, `POST /enter` with a code as its body,
 * and `GET /engine`, by which a window learns whether it is let in (204 or 401).
 */
export async function answer(request: IncomingMessage, response: ServerResponse, host: Answering): Promise<void> {
  const { port, access } = host;
  const name = request.headers.host;
  const say = (status: number, headers: Record<string, string> = {}): void =>
    void response.writeHead(status, { ...securityHeaders(''), 'Cache-Control': 'no-store', ...headers }).end();
  if (!isLoopback(name, port)) return say(421);
  const path = requestPath(request.url)?.path;
  if (path === '/enter') return enter(request, response, host, say);
  if (request.method !== 'GET' && request.method !== 'HEAD') return say(405, { Allow: 'GET, HEAD' });
  if (path === '/engine') return say(Number.parseInt(refusal(request, access, port) ?? '204', 10));
  const file = path === undefined ? null : await staticFile(host.renderer, path);
  if (file === null) return say(404);
  response.writeHead(200, { ...securityHeaders(`ws://${name}`), 'Content-Type': file.type, 'Cache-Control': 'no-cache' });
  response.end(request.method === 'HEAD' ? undefined : file.body);
}

async function enter(
  request: IncomingMessage,
  response: ServerResponse,
  { access, port, onAdmitted }: Answering,
  say: (status: number, headers?: Record<string, string>) => void,
): Promise<void> {
  if (request.method !== 'POST') return say(405, { Allow: 'POST' });
  if (request.headers.origin !== `http://${request.headers.host}`) return say(403);
  const code = await body(request);
  const admission = code === null ? null : access.admit(code, port);
  if (admission === null) return say(403);
  response.writeHead(200, {
    ...securityHeaders(''),
    'Content-Type': 'text/plain; charset=utf-8',
    'Cache-Control': 'no-store',
    'Set-Cookie': admission.cookie,
  });
  response.end(admission.key);
  onAdmitted();
}

/** The request's body as text; `null` when it is too long, or ends before it is whole. */
async function body(request: IncomingMessage): Promise<string | null> {
  let text = '';
  try {
    for await (const part of request) {
      text += String(part);
      if (text.length > longestCode) return null;
    }
  } catch {
    return null;
  }
  return text;
}
