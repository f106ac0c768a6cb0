/**
 * The shell's rules as plain functions, so that they can be tested without Electron. `electron/main.ts` applies them.
 */

/** The window's own address; no file and no site shares it. */
export const appScheme = 'app';
export const appOrigin = 'app://unroll';
export const appStart = `${appOrigin}/index.html`;

/** Whether an address is the app's own: nothing else is ever loaded, framed or navigated to. */
export function isAppAddress(address: string): boolean {
  try {
    const url = new URL(address);
    return url.protocol === `${appScheme}:` && url.host === 'unroll';
  } catch {
    return false;
  }
}

/** Links that may be handed to the user's browser. */
export function isOutsideLink(address: string): boolean {
  try {
    const url = new URL(address);
    return url.protocol === 'https:' && url.username === '' && url.password === '';
  } catch {
    return false;
  }
}

/** Web permissions that the window has: copying to the clipboard, and notices of runs that end, which are off until they are asked for. */
export const allowsPermission = (permission: string): boolean =>
  permission === 'clipboard-sanitized-write' || permission === 'notifications';

/** The frame that an IPC message comes from must be the window's main frame, showing the app. */
export function isTrustedSender(frame: { readonly url: string; readonly parent: unknown } | null): boolean {
  return frame !== null && frame.parent === null && isAppAddress(frame.url);
}

/** A document's path among the arguments of the command that started the app; the first is the program, flags are skipped. */
export function documentArgument(args: readonly string[]): string | null {
  return args.slice(1).find((argument) => !argument.startsWith('-') && argument.endsWith('.unroll.json')) ?? null;
}
