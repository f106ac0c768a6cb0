import { type Extension, RangeSetBuilder, StateEffect, StateField } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, ViewPlugin, type ViewUpdate } from '@codemirror/view';
import { tokensOf } from './tokens.ts';

const marks = new Map<string, Decoration>();
const markOf = (kind: string): Decoration => {
  const known = marks.get(kind) ?? Decoration.mark({ class: `token--${kind}` });
  marks.set(kind, known);
  return known;
};

function coloured(view: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  const states = new Set([...view.state.doc.toString().matchAll(/^\s*([a-z]\w*)'\s*=/gm)].map(([, name = '']) => name));
  for (const { from, to } of view.visibleRanges) {
    for (let at = from; at <= to; ) {
      const line = view.state.doc.lineAt(at);
      for (const token of tokensOf(line.text, states))
        builder.add(line.from + token.from, line.from + token.to, markOf(token.kind));
      at = line.to + 1;
    }
  }
  return builder.finish();
}

/** Names in the colour of what they stand for. */
export const highlight: Extension = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = coloured(view);
    }
    update(update: ViewUpdate): void {
      if (update.docChanged || update.viewportChanged) this.decorations = coloured(update.view);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

/** Marks a line, from 1; `null`: none. */
export const showLine = StateEffect.define<number | null>();

const lineMark = Decoration.line({ class: 'cm-shownLine' });

/** The line that is shown in the graph and the equations too. */
export const shownLine: Extension = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(before, transaction) {
    let shown = before.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(showLine)) continue;
      const { lines } = transaction.state.doc;
      const line = effect.value;
      shown =
        line === null || line > lines ? Decoration.none : Decoration.set([lineMark.range(transaction.state.doc.line(line).from)]);
    }
    return shown;
  },
  provide: (field) => EditorView.decorations.from(field),
});
