import { UserError } from '../protocol/envelope.ts';

/** Of Ray's dashboard, unless it was told another. */
const usualPort = 8265;

/**
 * Where a cluster's dashboard listens, from what a person writes: `ray:http://HOST:8265`, `http://HOST:8265` or `HOST`.
 *
 * @returns scheme, host and port, without a slash at the end
 * @throws UserError `ray-address`
 */
export function rayAddress(text: string): string {
  const given = text.trim().replace(/^ray:(?!\/\/)/, '');
  if (given.startsWith('ray://')) {
    throw wrong(text, `that is an address of Ray's own client; jobs go to the dashboard, http://HOST:${usualPort}`);
  }
  const named = /^https?:\/\//.test(given) ? given : given.includes('://') ? '' : `http://${given}`;
  if (!URL.canParse(named)) throw wrong(text, 'it is no address');
  const url = new URL(named);
  if (url.username !== '' || url.password !== '') throw wrong(text, 'a name or token does not belong into it');
  if (url.search !== '' || url.hash !== '') throw wrong(text, 'nothing may follow the path');
  // `URL` leaves out the port that its scheme usually has; a person who wrote it meant it.
  const port = url.port !== '' || /:\d+(\/|$)/.test(given) || url.protocol === 'https:' ? url.port : String(usualPort);
  return `${url.protocol}//${url.hostname}${port === '' ? '' : `:${port}`}${url.pathname.replace(/\/+$/, '')}`;
}

const wrong = (text: string, why: string): UserError =>
  new UserError({
    code: 'ray-address',
    message: `“${text.slice(0, 200)}” is not the address of a Ray cluster: ${why}.`,
    hint: `Write it like ray:http://HOST:${usualPort}. A token is given by RAY_AUTH_TOKEN or in the dialog.`,
  });
