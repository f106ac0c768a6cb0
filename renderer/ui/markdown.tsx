import { Marked, type Token, type Tokens } from 'marked';
import { Fragment, type ReactNode, Suspense, useMemo } from 'react';
import { Equation } from './equation.tsx';
import './markdown.css';

interface MathToken extends Tokens.Generic {
  readonly type: 'math' | 'inline-math';
  readonly tex: string;
}

/** CommonMark with `$…$` and `$$…$$` as TeX. */
const parser = new Marked({
  extensions: [
    {
      name: 'math',
      level: 'block',
      start: (source) => source.indexOf('$$'),
      tokenizer(source) {
        const match = /^\$\$([\s\S]+?)\$\$(?:\n|$)/.exec(source);
        return match ? { type: 'math', raw: match[0], tex: match[1]?.trim() ?? '' } : undefined;
      },
    },
    {
      name: 'inline-math',
      level: 'inline',
      start: (source) => source.indexOf('$'),
      tokenizer(source) {
        const match = /^\$([^$\n]+?)\$/.exec(source);
        return match ? { type: 'inline-math', raw: match[0], tex: match[1] ?? '' } : undefined;
      },
    },
  ],
});

interface MarkdownProps {
  readonly text: string;
  /** Whether each line stays a line of its own, as it was typed. */
  readonly keepLines?: boolean;
}

/**
 * Text as elements, so it may come from anywhere: HTML in it stays text, pictures are their words, and only `https:` links can be
 * followed, in a window of their own.
 */
export function Markdown({ text, keepLines = false }: MarkdownProps) {
  const tokens = useMemo(() => parser.lexer(text, { ...parser.defaults, breaks: keepLines }), [text, keepLines]);
  return (
    <div className="markdown">
      <Suspense fallback={null}>
        <Blocks tokens={tokens} />
      </Suspense>
    </div>
  );
}

/** One line of such text, for places where no paragraph may stand, such as beside a radio button. */
export function MarkdownLine({ text }: { readonly text: string }) {
  const tokens = useMemo(() => parser.Lexer.lexInline(text, parser.defaults), [text]);
  return (
    <span className="markdown">
      <Suspense fallback={null}>
        <Blocks tokens={tokens} />
      </Suspense>
    </span>
  );
}

/** Marked's tokens of one list never move, so that their place is their identity. */
const keyed = (tokens: readonly Token[]): readonly { readonly key: string; readonly token: Token }[] =>
  tokens.map((token, place) => ({ key: `${place}:${token.type}`, token }));

function Blocks({ tokens }: { readonly tokens: readonly Token[] }): ReactNode {
  return keyed(tokens).map(({ key, token }) => <Fragment key={key}>{renderToken(token)}</Fragment>);
}

const children = (token: Token): ReactNode =>
  'tokens' in token && token.tokens ? <Blocks tokens={token.tokens} /> : 'text' in token ? token.text : null;

function renderToken(token: Token): ReactNode {
  switch (token.type) {
    case 'math':
      return <Equation tex={(token as MathToken).tex} display patient />;
    case 'inline-math':
      return <Equation tex={(token as MathToken).tex} display={false} patient />;
    case 'heading':
      return <h3 data-depth={(token as Tokens.Heading).depth}>{children(token)}</h3>;
    case 'paragraph':
      return <p>{children(token)}</p>;
    case 'list': {
      const list = token as Tokens.List;
      const items = keyed(list.items).map(({ key, token: item }) => <li key={key}>{children(item)}</li>);
      return list.ordered ? <ol start={Number(list.start)}>{items}</ol> : <ul>{items}</ul>;
    }
    case 'checkbox':
      return <input type="checkbox" checked={(token as Tokens.Checkbox).checked} disabled aria-label="Done" />;
    case 'blockquote':
      return <blockquote>{children(token)}</blockquote>;
    case 'strong':
      return <strong>{children(token)}</strong>;
    case 'em':
      return <em>{children(token)}</em>;
    case 'del':
      return <del>{children(token)}</del>;
    case 'codespan':
      return <code>{(token as Tokens.Codespan).text}</code>;
    case 'code':
      return (
        <pre>
          <code>{(token as Tokens.Code).text}</code>
        </pre>
      );
    case 'link':
      return <Link href={(token as Tokens.Link).href}>{children(token)}</Link>;
    case 'table':
      return <Table table={token as Tokens.Table} />;
    case 'br':
      return <br />;
    case 'hr':
      return <hr />;
    case 'space':
      return null;
    default:
      return children(token);
  }
}

function Link({ href, children: words }: { readonly href: string; readonly children: ReactNode }) {
  if (!isOutsideLink(href)) return <span title={href}>{words}</span>;
  return (
    <a className="nodrag" href={href} title={href} target="_blank" rel="noopener noreferrer">
      {words}
    </a>
  );
}

/** Whether the app's shell would open it (`electron/security.ts`). */
function isOutsideLink(href: string): boolean {
  if (!URL.canParse(href)) return false;
  const { protocol, username, password } = new URL(href);
  return protocol === 'https:' && username === '' && password === '';
}

function Table({ table }: { readonly table: Tokens.Table }) {
  const cells = (row: readonly Tokens.TableCell[], head: boolean): ReactNode =>
    row.map((cell, place) => {
      const key = `${place}:${cell.text}`;
      return head ? <th key={key}>{<Blocks tokens={cell.tokens} />}</th> : <td key={key}>{<Blocks tokens={cell.tokens} />}</td>;
    });
  return (
    <table>
      <thead>
        <tr>{cells(table.header, true)}</tr>
      </thead>
      <tbody>
        {table.rows.map((row) => (
          <tr key={row.map((cell) => cell.text).join('|')}>{cells(row, false)}</tr>
        ))}
      </tbody>
    </table>
  );
}
