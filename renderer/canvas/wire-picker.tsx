import { Command } from 'cmdk';
import { connect, remove } from '../../engine/document/edit.ts';
import type { GraphEdge } from '../../engine/document/schema.ts';
import { findLayer } from '../../engine/layers/registry.ts';
import { portKey } from '../../engine/shapes/infer-shapes.ts';
import { formatShape } from '../../engine/shapes/value-type.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { titleOf } from '../store/node-cards.ts';
import { announce } from '../store/ui-store.ts';
import { Dialog } from '../ui/dialog.tsx';
import '../palette/command-list.css';
import { nameOf, portLabel } from './canvas-actions.ts';
import { typeColour } from './colours.ts';
import { possibleEnds } from './port-choices.ts';
import { useWirePicker } from './wire-picker-store.ts';

interface Choice {
  readonly id: string;
  readonly own: string;
  readonly other: string;
  readonly shape: string | null;
  readonly colour: string;
  readonly replaces: boolean;
  readonly from: GraphEdge['from'];
  readonly to: GraphEdge['to'];
}

/** Wiring without a pointer: every wire that this node, or one port of it, could have, and those it has, in one list. */
export function WirePicker() {
  const node = useWirePicker((s) => s.node);
  if (node === null) return null;
  return <OpenWirePicker node={node} />;
}

function OpenWirePicker({ node }: { readonly node: string }) {
  const document = useDocumentStore((s) => s.document);
  const facts = useDocumentStore((s) => s.facts);
  const inferred = useDocumentStore((s) => s.inferred);
  const edit = useDocumentStore((s) => s.edit);
  const only = useWirePicker((s) => s.port);
  const close = (): void => {
    useWirePicker.setState({ node: null, port: null });
    const place = `.react-flow__node[data-id="${CSS.escape(node)}"]`;
    const start =
      only === null ? '' : ` .${only.direction === 'output' ? 'source' : 'target'}[data-handleid="${CSS.escape(only.name)}"]`;
    requestAnimationFrame(() => window.document.querySelector<HTMLElement>(place + start)?.focus());
  };
  const source = document.nodes.find((n) => n.id === node);
  const layer = source && findLayer(source.kind);
  if (!source || !layer) return null;

  const choices: Choice[] = [];
  for (const direction of ['output', 'input'] as const) {
    for (const own of direction === 'output' ? layer.outputs : layer.inputs) {
      if (only !== null && (own.name !== only.name || direction !== only.direction)) continue;
      const port = { node, port: own.name };
      for (const end of possibleEnds(document, facts, port, direction)) {
        const from = direction === 'output' ? port : end.port;
        const to = direction === 'output' ? end.port : port;
        const value = inferred.outputs.get(portKey(from.node, from.port));
        const target = document.nodes.find((n) => n.id === to.node);
        const many = target && findLayer(target.kind)?.inputs.find((p) => p.name === to.port)?.many;
        choices.push({
          id: `${from.node}:${from.port}>${to.node}:${to.port}`,
          own: own.label,
          other: `${nameOf(end.port.node)} · ${portLabel(end)}`,
          shape: value ? formatShape(value) : null,
          colour: value ? typeColour[value.type] : 'var(--control-line)',
          replaces: !many && document.edges.some((e) => e.to.node === to.node && e.to.port === to.port),
          from,
          to,
        });
      }
    }
  }
  const existing = document.edges.filter(({ from, to }) => {
    if (only === null) return from.node === node || to.node === node;
    const end = only.direction === 'output' ? from : to;
    return end.node === node && end.port === only.name;
  });
  const title = titleOf(source);
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && close()}
      title={`Wire ${title}`}
      description="Arrow keys choose, Enter draws the wire. Only ends that work are listed."
    >
      <Command className="command-list" label={`Wires of ${title}`} loop>
        <Command.Input className="command-list__input" placeholder="Find a port…" autoFocus />
        <Command.List className="command-list__items">
          <Command.Empty className="command-list__empty">No port fits. Add a layer that takes this node’s output.</Command.Empty>
          {(['output', 'input'] as const).map((side) => {
            const group = choices.filter((c) => (side === 'output' ? c.from.node === node : c.to.node === node));
            return (
              group.length > 0 && (
                <Command.Group key={side} heading={side === 'output' ? `From ${title} to` : `Into ${title} from`}>
                  {group.map((choice) => (
                    <Command.Item
                      key={choice.id}
                      value={`${choice.id} ${choice.own} ${choice.other}`}
                      onSelect={() => {
                        edit((d) => connect(d, choice.from, choice.to));
                        announce(`Wired ${nameOf(choice.from.node)} to ${nameOf(choice.to.node)}.`);
                        close();
                      }}
                    >
                      <span className="command-list__dot" style={{ background: choice.colour }} />
                      <span>
                        {choice.own} {side === 'output' ? '→' : '←'} {choice.other}
                      </span>
                      <span className="command-list__hint">
                        {choice.shape}
                        {choice.replaces ? ' · replaces a wire' : ''}
                      </span>
                    </Command.Item>
                  ))}
                </Command.Group>
              )
            );
          })}
          {existing.length > 0 && (
            <Command.Group heading="Remove a wire">
              {existing.map((wire) => (
                <Command.Item
                  key={wire.id}
                  value={`remove ${wire.id} ${nameOf(wire.from.node)} ${nameOf(wire.to.node)}`}
                  onSelect={() => {
                    edit((d) => remove(d, new Set([wire.id])));
                    announce(`Wire from ${nameOf(wire.from.node)} to ${nameOf(wire.to.node)} removed.`);
                    close();
                  }}
                >
                  <span className="command-list__dot" style={{ background: 'var(--bad)' }} />
                  {nameOf(wire.from.node)} → {nameOf(wire.to.node)}
                </Command.Item>
              ))}
            </Command.Group>
          )}
        </Command.List>
      </Command>
    </Dialog>
  );
}
