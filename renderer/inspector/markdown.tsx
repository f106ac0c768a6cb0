import { Marked, type Token, type Tokens } from 'marked';
import { Fragment, lazy, type ReactNode, Suspense } from 'react';
import './markdown.css';

const Equation = lazy(async () => ({ default: (await import('./equation.tsx')).Equation }));

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

/** Text as elements: no HTML of the text is ever used, so it may come from anywhere. */
export function Markdown({ text }: { readonly text: string }) {
  return (
    <div className="markdown">
      <Suspense fallback={null}>
        <Blocks tokens={parser.lexer(text)} />
      </Suspense>
    </div>
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
      return <Equation tex={(token as MathToken).tex} display />;
    case 'inline-math':
      return <Equation tex={(token as MathToken).tex} display={false} />;
    case 'heading':
      return <h3>{children(token)}</h3>;
    case 'paragraph':
      return <p>{children(token)}</p>;
    case 'list': {
      const list = token as Tokens.List;
      const items = keyed(list.items).map(({ key, token: item }) => <li key={key}>{children(item)}</li>);
      return list.ordered ? <ol>{items}</ol> : <ul>{items}</ul>;
    }
    case 'strong':
      return <strong>{children(token)}</strong>;
    case 'em':
      return <em>{children(token)}</em>;
    case 'codespan':
      return <code>{(token as Tokens.Codespan).text}</code>;
    case 'code':
      return (
        <pre>
          <code>{(token as Tokens.Code).text}</code>
        </pre>
      );
    case 'link':
      return <span title={(token as Tokens.Link).href}>{children(token)}</span>;
    case 'table':
      return <Table table={token as Tokens.Table} />;
    case 'br':
      return <br />;
    case 'space':
    case 'hr':
    case 'html':
      return null;
    default:
      return children(token);
  }
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
