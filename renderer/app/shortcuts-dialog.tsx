import { useCanvasSettings } from '../store/canvas-settings.ts';
import { useUiStore } from '../store/ui-store.ts';
import { Dialog } from '../ui/dialog.tsx';
import { type Command, commands } from './commands.ts';
import { keyLabel, mac } from './keys.ts';
import './shortcuts-dialog.css';

const byHand: readonly { readonly title: string; readonly keys: readonly string[] }[] = [
  { title: 'Next or previous node or wire', keys: ['Tab', 'Shift+Tab'] },
  { title: 'Select what has the focus', keys: ['Enter'] },
  { title: 'Add a layer at a place', keys: ['Double click'] },
  { title: 'Wire, or add a layer, from a port of the selected node', keys: ['Tab', 'Enter'] },
  { title: 'Move the selected nodes', keys: ['Arrow keys'] },
  { title: 'Rename a node or a frame', keys: ['Double-click'] },
  { title: 'Open a block', keys: ['Double-click'] },
  { title: 'Go out of a block, where nothing is selected', keys: ['Escape'] },
  { title: 'Walk through the copies of an unfolded layer', keys: ['Arrow keys', 'Home', 'End'] },
  { title: 'Edit a comment', keys: ['Enter'] },
  { title: 'Copy, cut, paste', keys: ['mod+c', 'mod+x', 'mod+v'] },
  { title: 'Menu of a node or wire', keys: ['Right click', 'Shift+F10'] },
  { title: 'Move the view', keys: ['Drag', 'Space + drag', 'Middle button'] },
  { title: 'Zoom', keys: ['mod+wheel', 'Pinch'] },
  { title: 'Drag without snapping', keys: [mac ? '⌘' : 'Ctrl', mac ? '⌥' : 'Alt'] },
  { title: 'Go to a message’s button', keys: ['F8', 'Tab'] },
  { title: 'Select an area', keys: ['Shift + drag'] },
  { title: 'Add to the selection, or take out', keys: ['Shift + click'] },
];

/** Every key there is. */
export function ShortcutsDialog() {
  const open = useUiStore((s) => s.dialog === 'shortcuts');
  const openDialog = useUiStore((s) => s.openDialog);
  const wheel = useCanvasSettings((s) => s.wheel);
  const groups: Command['group'][] = ['File', 'Edit', 'Align', 'View', 'Go to', 'Train', 'Help'];
  return (
    <Dialog open={open} onOpenChange={(next) => openDialog(next ? 'shortcuts' : null)} title="Keyboard shortcuts" wide>
      <div className="shortcuts">
        {groups.map((group) => (
          <section key={group}>
            <h3 className="section-title">{group}</h3>
            <dl>
              {commands
                .filter((command) => command.group === group && command.keys)
                .map((command) => (
                  <Row key={command.id} title={command.title} keys={(command.keys ?? []).map((keys) => keyLabel(keys))} />
                ))}
            </dl>
          </section>
        ))}
        <section>
          <h3 className="section-title">On the canvas</h3>
          <dl>
            {byHand.map((row) => (
              <Row key={row.title} title={row.title} keys={row.keys.map((k) => (k.startsWith('mod') ? keyLabel(k) : k))} />
            ))}
            <Row
              title={`Mouse wheel, or two fingers: ${wheel === 'pan' ? 'move the view' : 'zoom'}`}
              keys={['Canvas settings']}
            />
          </dl>
        </section>
      </div>
    </Dialog>
  );
}

function Row({ title, keys }: { readonly title: string; readonly keys: readonly string[] }) {
  return (
    <div className="shortcuts__row">
      <dt>{title}</dt>
      <dd>
        {keys.map((key) => (
          <kbd key={key}>{key}</kbd>
        ))}
      </dd>
    </div>
  );
}
