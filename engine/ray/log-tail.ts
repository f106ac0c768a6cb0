import { WebSocket } from 'ws';
import type { RayClient } from './client.ts';

/** Milliseconds between signs of life that are asked for: a connection that was cut without a word is noticed. */
const pingEvery = 15_000;

/**
 * What a job prints, from its first byte on, until the connection ends. That it has ended says nothing about the job: ask for its status.
 *
 * @returns settles when the connection has ended, however it did
 */
export async function tailLogs(
  client: RayClient,
  job: string,
  onText: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const token = await client.token;
  if (signal.aborted) return;
  const url = `${client.address.replace(/^http/, 'ws')}/api/jobs/${encodeURIComponent(job)}/logs/tail`;
  const socket = new WebSocket(url, {
    // The dashboard answers compressed frames wrongly.
    perMessageDeflate: false,
    handshakeTimeout: 20_000,
    ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
  });
  let heard = true;
  const pings = setInterval(() => {
    if (!heard) return socket.terminate();
    heard = false;
    if (socket.readyState === WebSocket.OPEN) socket.ping();
  }, pingEvery);
  const close = (): void => socket.terminate();
  signal.addEventListener('abort', close);
  socket.on('pong', () => {
    heard = true;
  });
  socket.on('message', (data) => {
    heard = true;
    onText(data.toString());
  });
  socket.on('error', () => socket.terminate());
  await new Promise<void>((resolve) => socket.on('close', () => resolve()));
  clearInterval(pings);
  signal.removeEventListener('abort', close);
}
