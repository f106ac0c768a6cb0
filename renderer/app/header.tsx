import { ChevronDown, Moon, Play, Search, Sun } from 'lucide-react';
import { type KeyboardEvent, useRef, useState } from 'react';
import { engine } from '../bridge/engine.ts';
import { openPath } from '../documents/document-actions.ts';
import { isDirty, useDocumentStore } from '../store/document-store.ts';
import { type Tab, useUiStore } from '../store/ui-store.ts';
import { useTrainingStore } from '../training/store.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Menu, type MenuEntry } from '../ui/menu.tsx';
import { commandsById, runCommand } from './commands.ts';
import './header.css';
import '../ui/tabs.css';
import { keyLabel } from './keys.ts';
import { TrainButton } from './train-button.tsx';

const tabs: readonly { readonly tab: Tab; readonly label: string }[] = [
  { tab: 'design', label: 'Design' },
  { tab: 'data', label: 'Data' },
  { tab: 'runs', label: 'Runs' },
  { tab: 'sweep', label: 'Sweep' },
  { tab: 'playground', label: 'Playground' },
];

const entry = (id: string): MenuEntry[] => {
  const command = commandsById.get(id);
  if (!command) return [];
  const shortcut = command.keys?.[0];
  return [
    {
      id,
      label: command.title,
      run: () => void runCommand(id),
      ...(shortcut === undefined ? {} : { shortcut: keyLabel(shortcut) }),
    },
  ];
};

export function Header() {
  return (
    <header className="header">
      <FileMenu />
      <DocumentName />
      <TabList />
      <span className="header__space" />
      <button
        type="button"
        className="header__search"
        aria-label={`Search or run a command ${keyLabel('mod+k')}`}
        onClick={() => runCommand('help.palette')}
      >
        <Search size={14} aria-hidden />
        <span className="header__search-text">Search or run a command</span>
        <kbd>{keyLabel('mod+k')}</kbd>
      </button>
      <ThemeToggle />
      <Button className="header__export" onClick={() => runCommand('document.export')}>
        Export
      </Button>
      <TrainButton icon={<Play size={14} aria-hidden fill="currentColor" />} />
    </header>
  );
}

function FileMenu() {
  const [recent, setRecent] = useState<readonly string[]>([]);
  const refresh = (): void => {
    engine.call('document.recent', {}).then(
      ({ paths }) => setRecent(paths),
      () => undefined,
    );
  };
  return (
    <Menu
      trigger={
        <button type="button" className="header__menu" aria-label="File menu" onPointerEnter={refresh} onFocus={refresh}>
          <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true" className="header__logo">
            <path d="M4 12a5 5 0 1 1 5 5" />
            <path d="M9 17h11m-3.2-3 3.2 3-3.2 3" />
          </svg>
          <ChevronDown size={12} aria-hidden />
        </button>
      }
      groups={[
        [...entry('document.new'), ...entry('document.templates'), ...entry('document.open'), ...entry('document.import')],
        ...(recent.length > 0
          ? [
              recent.slice(0, 6).map((path) => ({
                id: path,
                label: path.split(/[\\/]/).at(-1) ?? path,
                run: () => void openPath(path),
              })),
            ]
          : []),
        [...entry('document.save'), ...entry('document.save-as'), ...entry('document.export')],
        [...entry('edit.undo'), ...entry('edit.redo')],
        [...entry('view.theme'), ...entry('help.lessons'), ...entry('help.shortcuts')],
      ]}
    />
  );
}

function DocumentName() {
  const name = useDocumentStore((s) => s.document.name);
  const setName = useDocumentStore((s) => s.setName);
  const dirty = useDocumentStore(isDirty);
  const path = useDocumentStore((s) => s.path);
  const [draft, setDraft] = useState<string | null>(null);
  const finish = (): void => {
    if (draft !== null && draft.trim() !== '' && draft !== name) setName(draft.trim());
    setDraft(null);
  };
  return (
    <>
      <h1 className="visually-hidden">Unroll: {name}</h1>
      <input
        className="header__name"
        aria-label="Document name"
        title={name}
        value={draft ?? name}
        maxLength={200}
        spellCheck={false}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={finish}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.currentTarget.blur();
          if (event.key === 'Escape') setDraft(null);
        }}
      />
      <span className="header__state" title={path ?? 'not in a file yet'}>
        {dirty ? 'edited' : path === null ? 'not in a file' : 'saved'}
      </span>
    </>
  );
}

function TabList() {
  const tab = useUiStore((s) => s.tab);
  const setTab = useUiStore((s) => s.setTab);
  const runs = useTrainingStore((s) => s.runs.length);
  const list = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent): void => {
    const index = tabs.findIndex((t) => t.tab === tab);
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    const next = step === 0 ? undefined : tabs[(index + step + tabs.length) % tabs.length];
    if (!next) return;
    event.preventDefault();
    setTab(next.tab);
    list.current?.querySelector<HTMLElement>(`#tab-${next.tab}`)?.focus();
  };
  return (
    <div className="header__tabs" role="tablist" aria-label="Sections" ref={list} onKeyDown={move}>
      {tabs.map((t) => (
        <button
          key={t.tab}
          type="button"
          role="tab"
          id={`tab-${t.tab}`}
          className="tabs__tab"
          data-state={tab === t.tab ? 'active' : 'inactive'}
          aria-selected={tab === t.tab}
          aria-controls={tab === t.tab ? `panel-${t.tab}` : undefined}
          tabIndex={tab === t.tab ? 0 : -1}
          onClick={() => setTab(t.tab)}
        >
          {t.label}
          {t.tab === 'runs' && runs > 0 && <span className="header__count">{runs}</span>}
        </button>
      ))}
    </div>
  );
}

function ThemeToggle() {
  const dark = useUiStore((s) => s.dark);
  return (
    <IconButton label={dark ? 'Use the light theme' : 'Use the dark theme'} onClick={() => runCommand('view.theme')}>
      {dark ? <Sun size={15} aria-hidden /> : <Moon size={15} aria-hidden />}
    </IconButton>
  );
}
