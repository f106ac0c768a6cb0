/** Longest request target that is looked at. */
const longest = 4096;

/**
 * Path and query of a request's target as it came over the wire, or `null` for one that names no file here: a whole address
 * (`GET http://…`), `*`, an empty segment (`//`), something that is no text. Never throws: anybody may send anything.
 */
export function requestPath(target: string | undefined): { readonly path: string; readonly query: URLSearchParams } | null {
  if (target === undefined || target.length > longest || !target.startsWith('/')) return null;
  const end = target.search(/[?#]/);
  const path = end < 0 ? target : target.slice(0, end);
  if (/\/\/|\\/.test(path)) return null;
  return { path, query: new URLSearchParams(end < 0 ? '' : target.slice(end + 1)) };
}
