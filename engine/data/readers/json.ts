/** Nobody's data is nested deeper; what is would end the work on it in the middle, for whatever walks through it does so by calls. */
const deepest = 64;

/** @throws SyntaxError for text that is no JSON, or nested deeper than 64 */
export function parseJson(text: string): unknown {
  if (depthOf(text) > deepest) throw new SyntaxError(`nested more than ${deepest} deep`);
  return JSON.parse(text);
}

/** Brackets that are open at once, those in strings left out; of text that is no JSON a number that says nothing. */
function depthOf(text: string): number {
  let [depth, most, quoted] = [0, 0, false];
  for (let i = 0; i < text.length && most <= deepest; i++) {
    const sign = text[i];
    if (quoted && sign === '\\') i++;
    else if (sign === '"') quoted = !quoted;
    else if (!quoted && (sign === '[' || sign === '{')) most = Math.max(most, ++depth);
    else if (!quoted && (sign === ']' || sign === '}')) depth--;
  }
  return most;
}
