/** Insertions, deletions and substitutions that turn one sequence into the other (Levenshtein 1966); memory is one row of the table. */
export function editDistance<T>(a: ArrayLike<T>, b: ArrayLike<T>): number {
  const row = Uint32Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    let diagonal = row[0] ?? 0;
    row[0] = i;
    for (let j = 1; j <= b.length; j++) {
      const above = row[j] ?? 0;
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      row[j] = Math.min(above + 1, (row[j - 1] ?? 0) + 1, diagonal + same);
      diagonal = above;
    }
  }
  return row[b.length] ?? 0;
}
