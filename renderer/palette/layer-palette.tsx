import { type KeyboardEvent, useRef, useState } from 'react';

import { familyColour } from '../canvas/colours.ts';
import { insertPart } from '../canvas/insert-part.ts';
import { startLayerDrag } from '../canvas/layer-drag.ts';
import { layerPart } from '../canvas/parts.ts';
import { Tooltip } from '../ui/tooltip.tsx';
import { bestOf, familyTitles, findLayers } from './find-layers.ts';
import './layer-palette.css';
import { MyBlocks, useMyBlocks } from './my-blocks.tsx';

/** Layers to drag onto the canvas; click or Enter adds one to what is selected. */
export function LayerPalette() {
  const [search, setSearch] = useState('');
  const root = useRef<HTMLElement>(null);
  const groups = findLayers(search);
  const blocks = useMyBlocks(search);
  const found = [...groups.flatMap(({ layers }) => layers.map(({ kind }) => layerPart(kind))), ...blocks.map(({ part }) => part)];
  const walk = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    const stops = [...(root.current?.querySelectorAll<HTMLElement>('input, .layer-palette__item') ?? [])];
    const index = document.activeElement instanceof HTMLElement ? stops.indexOf(document.activeElement) : -1;
    const next = stops[index + (event.key === 'ArrowDown' ? 1 : -1)];
    if (!next) return;
    event.preventDefault();
    next.focus();
  };
  return (
    <aside className="side side--left layer-palette" aria-label="Layers" ref={root} onKeyDown={walk}>
      <div className="layer-palette__search">
        <input
          id="layer-search"
          className="input"
          type="search"
          aria-label="Find a layer"
          placeholder="Find a layer"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') {
              setSearch('');
              event.currentTarget.blur();
            }
            const best = bestOf(search, found);
            if (event.key === 'Enter' && best) {
              event.preventDefault();
              setSearch('');
              insertPart(best);
            }
          }}
        />
        <kbd aria-hidden>/</kbd>
      </div>
      <MyBlocks search={search} />
      {groups.map(({ family, layers }) => (
        <section key={family} aria-label={familyTitles[family]}>
          <h2 className="section-title layer-palette__family">{familyTitles[family]}</h2>
          {layers.map((layer) => (
            <Tooltip key={layer.kind} content={layer.summary} side="right">
              <button
                type="button"
                className="layer-palette__item"
                draggable
                aria-label={`Add ${layer.title}`}
                onDragStart={(event) => startLayerDrag(event.dataTransfer, layer)}
                onClick={() => insertPart(layerPart(layer.kind))}
              >
                <span className="layer-palette__dot" style={{ background: familyColour(layer.family) }} />
                {layer.title}
              </button>
            </Tooltip>
          ))}
        </section>
      ))}
      {groups.length === 0 && blocks.length === 0 && (
        <p className="layer-palette__none">No layer fits “{search}”. Try “cell”, “dense” or “input”.</p>
      )}
    </aside>
  );
}
