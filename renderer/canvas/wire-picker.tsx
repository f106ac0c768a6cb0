import { Command } from 'cmdk';
import { useEffect, useMemo, useRef, useState } from 'react';
import { connect, moveWire, remove } from '../../engine/graph/edit.ts';
import { portKey } from '../../engine/graph/infer-shapes.ts';
import { formatShape } from '../../engine/shapes/value-type.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { announce } from '../store/ui-store.ts';
import { nameOf, portLabel } from './canvas-actions.ts';
import { CanvasPopover } from './canvas-popover.tsx';
import { typeColour } from './colours.ts';
import { focusPort, focusWhenDrawn, focusWire } from './focus-node.ts';
import { insertWired } from './insert-part.ts';
import { useParts } from './parts.ts';
import { reveal, screenRect } from './viewport-store.ts';
import { type WireChoice, type WireSubject, wireChoices } from './wire-choices.ts';
import { openWirePicker, useWirePicker } from './wire-picker-store.ts';
import { beginWiring, endWiring, useWiring } from './wiring-store.ts';

/** Wiring without a pointer: every wire that a node, or one port of it, could have, those it has, and where they could go instead. */
export function WirePicker() {
  const subject = useWirePicker((s) => s.subject);
  if (subject === null) return null;
  return <OpenWirePicker key={'wire' in subject ? subject.wire : subject.node} subject={subject} />;
}

const close = (): void => useWirePicker.setState({ subject: null });

function OpenWirePicker({ subject }: { readonly subject: WireSubject }) {
  const document = useDocumentStore((s) => s.document);
  const facts = useDocumentStore((s) => s.facts);
  const parts = useParts();
  const groups = useMemo(() => wireChoices(parts, document, facts, subject), [parts, document, facts, subject]);
  const [search, setSearch] = useState('');
  const shown = groups
    .map(({ heading, choices }) => ({ heading, choices: choices.filter((choice) => fits(wordsOf(choice), search)) }))
    .filter(({ choices }) => choices.length > 0);
  const all = shown.flatMap(({ choices }) => choices);
  const [value, setValue] = useState('');
  const chosen = all.find((choice) => idOf(choice) === value) ?? all[0];
  const wire = 'wire' in subject ? document.edges.find(({ id }) => id === subject.wire) : undefined;
  const node = 'wire' in subject ? (wire?.from.node ?? '') : subject.node;
  const title = wire ? `${nameOf(wire.from.node)} → ${nameOf(wire.to.node)}` : nameOf(node);
  useFitting(subject);
  usePreview(chosen);
  const returns = useRef<() => void>(() => goBack(subject));
  const [anchor] = useState(() => screenRect(node));

  const choose = (choice: WireChoice): void => {
    if (choice.kind === 'move') {
      openWirePicker({ wire: choice.wire.id });
      return;
    }
    returns.current = take(choice, subject) ?? returns.current;
    close();
  };
  if (!anchor) return null;
  return (
    <CanvasPopover anchor={anchor} label={`Wire ${title}`} side="bottom" onClose={close} onCloseFocus={() => returns.current()}>
      <Command
        className="command-list"
        label={`Wires of ${title}`}
        shouldFilter={false}
        value={chosen ? idOf(chosen) : ''}
        onValueChange={setValue}
        loop
      >
        <p className="canvas-popover__title">{wire ? `Wire ${title}` : `Wires of ${title}`}</p>
        <Command.Input
          className="command-list__input"
          placeholder="Find a port…"
          value={search}
          onValueChange={(text) => {
            setSearch(text);
            setValue('');
          }}
          autoFocus
        />
        <Command.List className="command-list__items">
          <Command.Empty className="command-list__empty">
            {groups.length === 0 ? 'No port fits. Add a layer that does.' : 'Nothing of that name.'}
          </Command.Empty>
          {shown.map(({ heading, choices }) => (
            <Command.Group key={heading} heading={heading}>
              {choices.map((choice) => (
                <Command.Item key={idOf(choice)} value={idOf(choice)} onSelect={() => choose(choice)}>
                  <ChoiceRow choice={choice} />
                </Command.Item>
              ))}
            </Command.Group>
          ))}
        </Command.List>
      </Command>
    </CanvasPopover>
  );
}

/** The ports where a wire from this one may end are marked on the canvas. */
function useFitting(subject: WireSubject): void {
  useEffect(() => {
    if ('wire' in subject || !subject.port) return undefined;
    beginWiring({ node: subject.node, port: subject.port.name }, subject.port.direction);
    return endWiring;
  }, [subject]);
}

/** The wire that Enter would draw is shown, and brought into view. */
function usePreview(choice: WireChoice | undefined): void {
  const key = choice?.kind === 'draw' ? idOf(choice) : null;
  const latest = useRef(choice);
  latest.current = choice;
  useEffect(() => {
    if (key === null || latest.current?.kind !== 'draw') return undefined;
    const { ends, end, moving } = latest.current;
    useWiring.setState({ preview: { ...ends, moving } });
    reveal(end.port.node);
    return () => useWiring.setState({ preview: null });
  }, [key]);
}

/** Does what was chosen, as one step to undo; the way to where the focus goes, where that is not where it came from. */
function take(choice: Exclude<WireChoice, { kind: 'move' }>, subject: WireSubject): (() => void) | null {
  const { edit } = useDocumentStore.getState();
  switch (choice.kind) {
    case 'draw': {
      const { moving, ends } = choice;
      const names = `${nameOf(ends.from.node)} to ${nameOf(ends.to.node)}`;
      edit((d) => (moving === null ? connect(d, ends.from, ends.to) : moveWire(d, moving, ends.from, ends.to)));
      announce(moving === null ? `Wired ${names}.` : `Wire moved: ${names}.`);
      // A moved wire is a new one in the place of the old.
      return moving === null ? null : () => focusWhenDrawn(choice.end.port.node);
    }
    case 'add':
      insertWired(choice.fit, null, choice.end);
      return () => {};
    case 'remove':
      edit((d) => remove(d, new Set([choice.wire.id])));
      announce(`Wire from ${nameOf(choice.wire.from.node)} to ${nameOf(choice.wire.to.node)} removed.`);
      return 'wire' in subject ? () => focusWhenDrawn(choice.wire.from.node) : null;
  }
}

function goBack(subject: WireSubject): void {
  if ('wire' in subject) focusWire(subject.wire);
  else if (subject.port) focusPort({ port: { node: subject.node, port: subject.port.name }, direction: subject.port.direction });
  else focusWhenDrawn(subject.node);
}

function idOf(choice: WireChoice): string {
  switch (choice.kind) {
    case 'draw':
      return `${choice.ends.from.node}:${choice.ends.from.port}>${choice.ends.to.node}:${choice.ends.to.port}`;
    case 'add':
      return `add ${choice.fit.part.id} ${choice.fit.port}`;
    default:
      return `${choice.kind} ${choice.wire.id}`;
  }
}

const fits = (words: string, search: string): boolean =>
  search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => words.toLowerCase().includes(word));

/** What it is called in the list. */
function wordsOf(choice: WireChoice): string {
  switch (choice.kind) {
    case 'draw': {
      const other = `${nameOf(choice.end.port.node)} · ${portLabel(choice.end)}`;
      const own =
        choice.end.direction === 'input'
          ? { port: choice.ends.from, direction: 'output' as const }
          : { port: choice.ends.to, direction: 'input' as const };
      return `${portLabel(own)} ${choice.end.direction === 'input' ? '→' : '←'} ${other}`;
    }
    case 'add':
      return [choice.fit.part.title, choice.fit.part.note, choice.fit.label].filter(Boolean).join(' · ');
    case 'move':
      return `Move ${nameOf(choice.wire.from.node)} → ${nameOf(choice.wire.to.node)}…`;
    case 'remove':
      return `Remove ${nameOf(choice.wire.from.node)} → ${nameOf(choice.wire.to.node)}`;
  }
}

function ChoiceRow({ choice }: { readonly choice: WireChoice }) {
  const from = choice.kind === 'draw' ? choice.ends.from : null;
  const value = useDocumentStore((s) => from && s.inferred.outputs.get(portKey(from.node, from.port)));
  const colour =
    choice.kind === 'remove'
      ? 'var(--bad)'
      : choice.kind === 'add'
        ? choice.fit.part.colour
        : value
          ? typeColour[value.type]
          : 'var(--control-line)';
  const replaced = choice.kind === 'draw' && choice.replaces ? `in place of ${nameOf(choice.replaces.from.node)}’s` : null;
  const hint = [value ? formatShape(value) : null, replaced].filter((part) => part !== null).join(' · ');
  return (
    <>
      <span className="command-list__dot" style={{ background: colour }} />
      <span>{wordsOf(choice)}</span>
      {hint !== '' && <span className="command-list__hint">{hint}</span>}
    </>
  );
}
