import { isFunctionName, roleOf } from '../../engine/cells/language/tree.ts';

export type TokenKind =
  | 'comment'
  | 'number'
  | 'keyword'
  | 'function'
  | 'matrix'
  | 'learned'
  | 'state'
  | 'input'
  | 'value'
  | 'sign';

export interface Token {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly kind: TokenKind;
}

const piece = /#.*|[A-Za-z][A-Za-z0-9_]*'?|(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?|[+\-*/=(),]/g;

/**
 * The pieces of a line, right or wrong, by what they stand for.
 *
 * @param states names of states
 */
export function tokensOf(row: string, states: ReadonlySet<string>): readonly Token[] {
  return [...row.matchAll(piece)].map((match) => {
    const [text] = match;
    const from = match.index;
    const after = row.slice(from + text.length).trimStart()[0];
    return { from, to: from + text.length, text, kind: kindOf(text, after, row.slice(0, from), states) };
  });
}

function kindOf(text: string, after: string | undefined, before: string, states: ReadonlySet<string>): TokenKind {
  if (text.startsWith('#')) return 'comment';
  if (/^[\d.]/.test(text)) return 'number';
  if (!/^[A-Za-z]/.test(text)) return 'sign';
  if ((text === 'width' || text === 'start') && before.trim() === '' && after !== '=') return 'keyword';
  const name = text.replace(/'$/, '');
  if (after === '(' && isFunctionName(name)) return 'function';
  const role = roleOf(name);
  if (role === 'matrix') return 'matrix';
  if (role !== 'value') return 'learned';
  if (name === 'x') return 'input';
  return states.has(name) || text.endsWith("'") ? 'state' : 'value';
}
