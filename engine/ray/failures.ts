import { UserError } from '../protocol/envelope.ts';
import type { RayAnswer } from './request.ts';

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the name of the host cannot be looked up',
  ETIMEDOUT: 'it does not answer',
  EHOSTUNREACH: 'there is no way to the host',
  ENETUNREACH: 'there is no network',
  ECONNRESET: 'the connection was cut',
  EPROTO: 'it does not speak https',
};

/** @param code of the system's error */
export const unreachable = (address: string, code: string, cause?: unknown): UserError =>
  new UserError(
    {
      code: 'ray-unreachable',
      message: `The Ray cluster at ${address} cannot be reached: ${reasons[code] ?? code}.`,
      hint: 'Look whether the cluster runs (ray status). Its dashboard listens on its own machine alone unless it was told otherwise: ssh -L 8265:127.0.0.1:8265 HOST makes it http://127.0.0.1:8265 here.',
    },
    { cause },
  );

/** An answer that is none of those expected, in the user's words. @param doing what was asked for, e.g. `submitting the job` */
export function refused(address: string, doing: string, { status, text }: RayAnswer): UserError {
  const said = plainText(text);
  const fail = (code: string, message: string, hint: string): UserError => new UserError({ code, message, hint });
  switch (status) {
    case 401:
      return fail(
        'ray-token-missing',
        `The Ray cluster at ${address} asks for a token (401).`,
        'Set RAY_AUTH_TOKEN, or give it in the dialog “Train on a Ray cluster”. `ray get-auth-token` on the cluster prints it.',
      );
    case 403:
      return fail(
        'ray-token-wrong',
        `The Ray cluster at ${address} does not take the token (403).`,
        'Give the one that `ray get-auth-token` prints on the cluster. It may have been changed since.',
      );
    case 404:
      return fail(
        'ray-not-found',
        `What answers at ${address} does not know the job interface (404, ${doing}).`,
        'Give the address of the dashboard, usually port 8265, and install ray[default] on the cluster: the plain ray has no jobs.',
      );
    case 405:
      return fail(
        'ray-method-refused',
        `${address} refuses the request (405, ${doing}).`,
        'Something stands between here and the dashboard that lets only pages through. Give the dashboard’s own address, or tunnel its port by ssh.',
      );
    case 413:
      return fail(
        'ray-too-large',
        `${address} does not take a package of that size (413).`,
        'Ray takes 100 MiB; a proxy in front of it may take less. Tunnel the dashboard’s port by ssh instead.',
      );
    default:
      return fail(
        'ray-error',
        `The Ray cluster at ${address} answers ${status} (${doing})${said === '' ? '' : `: ${said}`}.`,
        'The dashboard’s log on the cluster says more (/tmp/ray/session_latest/logs/dashboard.log).',
      );
  }
}

/** What a server says of an error, shortened: the last line of a traceback, or the text of a page. */
export function plainText(text: string): string {
  const lines = text
    .replace(/<(style|script|title)[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<[^>]*>/g, ' ')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return (lines.at(-1) ?? '').slice(0, 300).replace(/\.$/, '');
}
