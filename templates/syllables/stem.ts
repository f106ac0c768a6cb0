/** Endings that inflections and near relatives share their stem under, longest first. */
const endings = [
  "'s",
  "s'",
  'ingly',
  'edly',
  'ings',
  'ness',
  'ers',
  'ing',
  'est',
  'ies',
  'ied',
  'ed',
  'er',
  'es',
  'ly',
  's',
  'y',
  'e',
];

/**
 * A rough stem, for keeping inflections in one split: `walks`, `walked`, `walking` and `walker's` give `walk`. Too coarse rather than
 * too fine: a false relative in the same group costs nothing.
 */
export function stem(word: string): string {
  let rest = word;
  for (let changed = true; changed; ) {
    changed = false;
    for (const ending of endings) {
      if (rest.length - ending.length >= 3 && rest.endsWith(ending)) {
        rest = rest.slice(0, -ending.length);
        changed = true;
        break;
      }
    }
  }
  // Doubled before an ending: stopped, running.
  return rest.replace(/([b-df-hj-np-tv-z])\1$/, '$1');
}
