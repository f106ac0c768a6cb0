import { type ClientRequest, request as plain } from 'node:http';
import { request as secure } from 'node:https';
import { errorCode } from '../files/error-code.ts';
import { unreachable } from './failures.ts';

export interface RayRequest {
  readonly method?: 'GET' | 'PUT' | 'POST' | 'DELETE';
  readonly json?: unknown;
  readonly body?: Uint8Array;
  /** Sent as a bearer token; stands in no error. */
  readonly token?: string | undefined;
  /** Milliseconds without a byte. */
  readonly timeout?: number;
}

export interface RayAnswer {
  readonly status: number;
  readonly text: string;
}

const usualTimeout = 20_000;

/**
 * One request to the cluster's dashboard. By `node:http`: the dashboard refuses a POST that says it is a browser's, as `fetch` does.
 *
 * @throws UserError `ray-unreachable`
 */
export function ask(address: string, path: string, asked: RayRequest = {}): Promise<RayAnswer> {
  const url = new URL(`${address}${path}`);
  const body = asked.body ?? (asked.json === undefined ? undefined : Buffer.from(JSON.stringify(asked.json)));
  const headers = {
    ...(asked.token === undefined ? {} : { authorization: `Bearer ${asked.token}` }),
    ...(asked.json === undefined ? {} : { 'content-type': 'application/json' }),
    ...(body === undefined ? {} : { 'content-length': String(body.byteLength) }),
  };
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => reject(unreachable(address, errorCode(error) || String(error), error));
    const sent: ClientRequest = (url.protocol === 'https:' ? secure : plain)(
      url,
      { method: asked.method ?? 'GET', headers, timeout: asked.timeout ?? usualTimeout },
      (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('error', fail);
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(parts).toString('utf8') }));
      },
    );
    sent.on('timeout', () => sent.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })));
    // A server that refuses a large body answers before it has read it, and closes: the answer counts.
    sent.on('error', (error) => setTimeout(() => fail(error), 50));
    sent.end(body);
  });
}
