import {
  acceptCompletion,
  autocompletion,
  type CompletionContext,
  type CompletionResult,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
  completionStatus,
} from '@codemirror/autocomplete';
import { defaultKeymap } from '@codemirror/commands';
import { type Diagnostic, lintGutter, nextDiagnostic, setDiagnostics } from '@codemirror/lint';
import { Annotation, Compartment, EditorState, type Extension, Prec, type Transaction } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  hoverTooltip,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { applyRemedy } from '../../engine/cells/language/remedy.ts';
import { highlight, showLine, shownLine } from './highlight.ts';
import type { NameHere } from './names-here.ts';
import type { CellReading } from './read-cell.ts';

/** What the editor asks of the window, newest at each call. */
export interface TextWorld {
  reading(): CellReading;
  names(): readonly NameHere[];
  /** What is typed; edits of one `step` that follow each other are one to undo. */
  change(text: string, step: string): void;
  undo(): void;
  redo(): void;
  leave(): void;
  /** The line that the cursor is on, while the editor has the focus. */
  at(line: number): void;
}

const fromOutside = Annotation.define<boolean>();
const writable = new Compartment();
/** As in the document's schema. */
const longestText = 20_000;

/** An editor of a cell's text. */
export class TextEditor {
  readonly view: EditorView;
  readonly #world: TextWorld;
  #step = 0;
  #kind = '';

  constructor(parent: HTMLElement, world: TextWorld, readOnly: boolean) {
    this.#world = world;
    this.view = new EditorView({
      parent,
      state: EditorState.create({ doc: world.reading().text, extensions: this.#extensions(readOnly) }),
    });
    this.#showProblems();
  }

  /** Shows a text that was changed elsewhere: what is the same at its beginning and end stays, and with it the cursor. */
  show(text: string): void {
    const before = this.view.state.doc.toString();
    if (before !== text) {
      let [start, end] = [0, 0];
      const room = Math.min(before.length, text.length);
      while (start < room && before[start] === text[start]) start++;
      while (end < room - start && before[before.length - 1 - end] === text[text.length - 1 - end]) end++;
      this.view.dispatch({
        changes: { from: start, to: before.length - end, insert: text.slice(start, text.length - end) },
        annotations: fromOutside.of(true),
      });
    }
    this.#showProblems();
  }

  readOnly(is: boolean): void {
    this.view.dispatch({ effects: writable.reconfigure(access(is)) });
  }

  showLine(line: number | null): void {
    const line_ = line === null || line > this.view.state.doc.lines ? null : line;
    this.view.dispatch({
      effects: [
        showLine.of(line_),
        ...(line_ === null || this.view.hasFocus ? [] : [EditorView.scrollIntoView(this.view.state.doc.line(line_).from)]),
      ],
    });
  }

  /** Puts the cursor on a place, both from 1, and the focus into the text. */
  goTo(line: number, column: number): void {
    const at = this.view.state.doc.line(Math.min(line, this.view.state.doc.lines));
    this.view.focus();
    this.view.dispatch({ selection: { anchor: Math.min(at.to, at.from + column - 1) }, scrollIntoView: true });
  }

  nextProblem(): void {
    this.view.focus();
    nextDiagnostic(this.view);
  }

  destroy(): void {
    this.view.destroy();
  }

  #extensions(readOnly: boolean): Extension {
    const world = this.#world;
    const run = (action: () => void) => (): boolean => {
      action();
      return true;
    };
    return [
      lineNumbers(),
      lintGutter(),
      highlightActiveLineGutter(),
      highlightActiveLine(),
      drawSelection(),
      EditorView.lineWrapping,
      closeBrackets(),
      autocompletion({
        override: [(context) => completions(context, world.names())],
        icons: false,
        defaultKeymap: false,
        // Tab takes a name as soon as it is offered; otherwise it would lead out of the text.
        interactionDelay: 0,
      }),
      highlight,
      shownLine,
      hoverTooltip((view, place) => hover(view, place, world.names())),
      Prec.highest(
        keymap.of([
          { key: 'Mod-z', run: run(world.undo), preventDefault: true },
          { key: 'Mod-y', run: run(world.redo), preventDefault: true },
          { key: 'Mod-Shift-z', run: run(world.redo), preventDefault: true },
          { key: 'Alt-ArrowUp', run: run(world.leave) },
          { key: 'Tab', run: acceptCompletion },
          // An open list of names is closed first.
          { key: 'Escape', run: ({ state }) => completionStatus(state) === null && run(world.leave)() },
          { key: 'F8', run: nextDiagnostic, preventDefault: true, stopPropagation: true },
        ]),
      ),
      // Enter begins a line; Tab takes the name that is offered.
      keymap.of([...closeBracketsKeymap, ...completionKeymap.filter(({ key }) => key !== 'Enter'), ...defaultKeymap]),
      writable.of(access(readOnly)),
      EditorState.changeFilter.of((transaction) => transaction.newDoc.length <= longestText),
      EditorView.contentAttributes.of({ 'aria-label': 'Equations of the cell', spellcheck: 'false', autocapitalize: 'off' }),
      // What the browser's own menu or a gesture asks for.
      EditorView.domEventHandlers({
        beforeinput(event) {
          if (event.inputType !== 'historyUndo' && event.inputType !== 'historyRedo') return false;
          event.preventDefault();
          return run(event.inputType === 'historyUndo' ? world.undo : world.redo)();
        },
      }),
      EditorView.updateListener.of((update) => {
        const own = update.transactions.filter((one) => one.docChanged && one.annotation(fromOutside) !== true);
        if (own.length > 0) world.change(update.state.doc.toString(), this.#stepOf(own));
        // Typing goes on elsewhere.
        else if (update.selectionSet) this.#kind = '';
        if (update.view.hasFocus && (update.selectionSet || update.focusChanged))
          world.at(update.state.doc.lineAt(update.state.selection.main.head).number);
      }),
    ];
  }

  /** With the reading that they come from, not later: F8 goes to what is listed, and nothing closes what it opened. */
  #showProblems(): void {
    const { state } = this.view;
    this.view.dispatch(setDiagnostics(state, diagnostics(state, this.#world)));
  }

  /** A step to undo is what is typed, or deleted, on one line without going elsewhere. */
  #stepOf(transactions: readonly Transaction[]): string {
    for (const transaction of transactions) {
      const kind = transaction.isUserEvent('delete') ? 'delete' : transaction.isUserEvent('input.type') ? 'type' : 'other';
      const newLine = transaction.newDoc.lines !== transaction.startState.doc.lines;
      if (kind !== this.#kind || newLine || kind === 'other') this.#step++;
      this.#kind = kind;
    }
    return `text-${this.#step}`;
  }
}

const access = (readOnly: boolean): Extension => [EditorState.readOnly.of(readOnly), EditorView.editable.of(!readOnly)];

function diagnostics(state: EditorState, { reading, change }: TextWorld): readonly Diagnostic[] {
  return reading().problems.flatMap((problem): Diagnostic[] => {
    if (problem.line > state.doc.lines) return [];
    const line = state.doc.line(problem.line);
    const from = Math.min(line.to, line.from + problem.column - 1);
    const word = /^[A-Za-z][A-Za-z0-9_]*'?/.exec(line.text.slice(from - line.from))?.[0].length ?? 1;
    const { remedy } = problem;
    return [
      {
        from,
        to: Math.min(line.to, from + word),
        severity: problem.severity,
        message: `${problem.message}. ${problem.fix}`,
        actions: remedy
          ? [{ name: remedy.title, apply: () => change(applyRemedy(reading().text, remedy), `remedy-${problem.line}`) }]
          : [],
      },
    ];
  });
}

function completions(context: CompletionContext, names: readonly NameHere[]): CompletionResult | null {
  const word = context.matchBefore(/[A-Za-z][A-Za-z0-9_]*'?/);
  const line = context.state.doc.lineAt(context.pos);
  if (line.text.slice(0, context.pos - line.from).includes('#')) return null;
  if (word === null && !context.explicit) return null;
  const keywords = line.text.includes('=') ? [] : ['width', 'start'];
  return {
    from: word?.from ?? context.pos,
    options: [
      ...names.map(({ name, kind, shape, told }) => ({
        label: name,
        type: kind,
        detail: kind === 'function' ? '' : shape,
        info: told,
        apply: kind === 'function' ? `${name}(` : name,
        boost: kind === 'function' ? 0 : 1,
      })),
      ...keywords.map((label) => ({ label, type: 'keyword', apply: `${label} ` })),
    ],
    validFor: /^[A-Za-z0-9_]*'?$/,
  };
}

function hover(view: EditorView, place: number, names: readonly NameHere[]) {
  const line = view.state.doc.lineAt(place);
  const found = [...(line.text.split('#', 1)[0]?.matchAll(/[A-Za-z][A-Za-z0-9_]*'?/g) ?? [])].find(
    (match) => line.from + match.index <= place && place <= line.from + match.index + match[0].length,
  );
  const name = names.find((one) => one.name === found?.[0]);
  if (found === undefined || name === undefined) return null;
  return {
    pos: line.from + found.index,
    end: line.from + found.index + found[0].length,
    above: true,
    create: () => {
      const dom = document.createElement('div');
      dom.className = 'cm-nameTip';
      const parts = [name.name, name.kind === 'function' ? '' : name.shape, name.told].filter(Boolean);
      dom.append(
        ...parts.map((text, index) => {
          const element = document.createElement(index === 0 ? 'strong' : 'span');
          element.textContent = text;
          return element;
        }),
      );
      return { dom };
    },
  };
}
