import { ChevronDown } from 'lucide-react';
import { Tabs } from 'radix-ui';
import { useLayoutEffect, useRef, useState } from 'react';
import { Menu } from '../ui/menu.tsx';
import { tabsLeftOut } from './fitting-tabs.ts';
import './tab-bar.css';

interface TabBarProps {
  /** What they are tabs of. */
  readonly label: string;
  readonly tabs: readonly { readonly id: string; readonly title: string }[];
  /** The one that is open. */
  readonly open: string;
  onOpen(id: string): void;
}

/** Of the button, px, before it is there. */
const widestMore = 80;

/** Tabs beside each other; those for which there is no room are in a menu behind them. */
export function TabBar({ label, tabs, open, onOpen }: TabBarProps) {
  const bar = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const widths = useRef(new Map<string, number>());
  const [left, setLeft] = useState<readonly string[]>([]);
  useLayoutEffect(() => {
    const element = bar.current;
    if (!element) return undefined;
    const arrange = (): void => {
      for (const tab of element.querySelectorAll<HTMLElement>('[data-tab]'))
        if (tab.offsetWidth > 0) widths.current.set(tab.dataset['tab'] ?? '', tab.offsetWidth);
      const [list] = element.children;
      const gap = (list && Number.parseFloat(getComputedStyle(list).columnGap)) || 0;
      const all = tabs.map(({ id }) => widths.current.get(id) ?? 0);
      const at = tabs.findIndex(({ id }) => id === open);
      const beside = button.current?.offsetWidth ?? widestMore;
      const whole = tabsLeftOut(all, at, element.clientWidth, gap).length === 0;
      const places = whole ? [] : tabsLeftOut(all, at, element.clientWidth - beside, gap);
      const out = places.flatMap((place) => tabs[place]?.id ?? []);
      setLeft((before) => (before.join() === out.join() ? before : out));
    };
    arrange();
    const observer = new ResizeObserver(arrange);
    observer.observe(element);
    return () => observer.disconnect();
  }, [tabs, open]);
  const more = tabs.filter(({ id }) => left.includes(id));
  return (
    <div ref={bar} className="tab-bar">
      <Tabs.List className="tabs__list" aria-label={label}>
        {tabs.map(({ id, title }) => (
          <Tabs.Trigger key={id} value={id} className="tabs__tab" data-tab={id} hidden={left.includes(id)}>
            {title}
          </Tabs.Trigger>
        ))}
      </Tabs.List>
      {more.length > 0 && (
        <Menu
          align="end"
          trigger={
            <button
              ref={button}
              type="button"
              className="tabs__tab tab-bar__more"
              aria-label={`More: ${more.map(({ title }) => title).join(', ')}`}
            >
              More <ChevronDown size={13} aria-hidden />
            </button>
          }
          groups={[more.map(({ id, title }) => ({ id, label: title, run: () => onOpen(id) }))]}
        />
      )}
    </div>
  );
}
