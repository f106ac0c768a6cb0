import { Columns3 } from 'lucide-react';
import { Popover } from 'radix-ui';
import { useState } from 'react';
import { Button } from '../ui/button.tsx';
import { ScrollRegion } from '../ui/scroll-region.tsx';
import { TextField } from '../ui/text-field.tsx';
import type { RunColumn } from './columns.ts';
import './columns-menu.css';
import { showColumn, useRunTable } from './table-store.ts';

/** Chooses the columns of the table out of all figures and settings that the runs have. */
export function ColumnsMenu({ columns }: { readonly columns: readonly RunColumn[] }) {
  const shown = useRunTable((s) => s.columns);
  const [search, setSearch] = useState('');
  const words = search.trim().toLowerCase();
  const found = columns.filter(({ title, group }) => `${group} ${title}`.toLowerCase().includes(words));
  const groups = [...new Set(found.map(({ group }) => group))];
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <Button size="small">
          <Columns3 size={13} aria-hidden /> Columns
        </Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className="columns-menu" align="end" sideOffset={6} collisionPadding={10} aria-label="Columns">
          <TextField
            type="search"
            aria-label="Find a column"
            placeholder="Find a setting or metric"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
          <ScrollRegion label="Columns to choose from" className="columns-menu__list">
            {groups.length === 0 && <p>Nothing of that name.</p>}
            {groups.map((group) => (
              <fieldset key={group}>
                <legend>{group}</legend>
                {found
                  .filter((column) => column.group === group)
                  .map(({ id, title }) => (
                    <label key={id}>
                      <input
                        type="checkbox"
                        checked={shown.includes(id)}
                        onChange={(event) => showColumn(id, event.target.checked)}
                      />
                      {title}
                    </label>
                  ))}
              </fieldset>
            ))}
          </ScrollRegion>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
