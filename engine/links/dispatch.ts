import { z } from 'zod';
import { type Caller, type Handlers, type MethodName, methods } from '../protocol/contract.ts';
import { type Reply, request, toFailure, UserError } from '../protocol/envelope.ts';
import { figuresToJson } from '../protocol/figure.ts';

const isMethod = (name: string): name is MethodName => Object.hasOwn(methods, name);

/**
 * One message from the window → the answer to send back, or `null` when the message is so broken that it names no request.
 * Unexpected errors are told to the window in one sentence; their cause goes to `log`.
 */
export async function dispatch(
  text: string,
  handlers: Handlers,
  caller?: Caller,
  log: (message: string, cause: unknown) => void = (message, cause) => console.error(message, cause),
): Promise<string | null> {
  let id: number;
  let method: string;
  let params: unknown;
  try {
    ({ id, method, params } = request.parse(JSON.parse(text)));
  } catch (cause) {
    log('engine: a message that is no request was dropped', cause);
    return null;
  }
  const answer = (reply: Reply): string => figuresToJson(reply);
  try {
    if (!isMethod(method)) {
      throw new UserError({
        code: 'unknown-method',
        message: `The engine has no method “${method}”.`,
        hint: 'Window and engine are of different versions: restart Unroll.',
      });
    }
    const handler = handlers[method] as (params: unknown, caller?: Caller) => Promise<unknown>;
    return answer({ id, ok: true, result: await handler(parseParams(method, params), caller) });
  } catch (error) {
    if (!(error instanceof UserError)) log(`engine: ${method} failed`, error);
    else if (error.cause !== undefined) log(`engine: ${method}: ${error.message}`, error.cause);
    return answer({ id, ok: false, error: toFailure(error) });
  }
}

function parseParams(method: MethodName, params: unknown): unknown {
  const parsed = methods[method].params.safeParse(params);
  if (parsed.success) return parsed.data;
  throw new UserError({ code: 'bad-request', message: `${method}: ${z.prettifyError(parsed.error)}` });
}
