import type { z } from 'zod';
import { type CellDefinition, type CellSettings, describeCell } from '../cells/cell.ts';
import { compileCell } from '../cells/cell-program.ts';
import { cellLatex } from '../cells/language/latex.ts';
import { type CellKind, cells } from '../cells/registry.ts';
import { defineLayer, type LayerDefinition } from './layer.ts';

/** The node of a cell: no tensor ports, one for the wrapper that unrolls it. */
function cellLayer<const Kind extends string, Config extends z.ZodObject>(
  cell: CellDefinition<Kind, Config>,
): LayerDefinition<Kind, Config> {
  const { kind, title, summary, keywords, config } = cell;
  const parsed = (settings: z.output<Config>) => settings as z.output<Config> & CellSettings;
  return defineLayer<Kind, Config>({
    kind,
    title,
    family: 'cell',
    summary,
    keywords,
    config,
    inputs: [],
    outputs: [{ name: 'cell', label: 'cell', types: ['cell'] }],
    shape: (settings) => {
      const refused = cell.refuse?.(settings);
      if (refused) return { ok: false, ...refused };
      return { ok: true, outputs: { cell: { type: 'cell', cell: describeCell(cell, parsed(settings)) } } };
    },
    brief: (settings) => `${cell.named?.(settings) ?? cell.word} ${parsed(settings).hidden}`,
    subtitle: (settings) => cell.subtitle(settings),
    latex: (settings) => {
      const compiled = compileCell(cell.equations(settings), parsed(settings).hidden);
      return compiled.ok ? cellLatex(compiled.program.tree) : null;
    },
    parameters: () => [],
  });
}

type CellLayers = { readonly [K in CellKind]: LayerDefinition<K, (typeof cells)[K]['config']> };

/** The node of every kind of cell, in their order. */
export const cellLayers = Object.fromEntries(
  Object.entries(cells).map(([kind, cell]) => [kind, cellLayer(cell as unknown as CellDefinition<string, z.ZodObject>)]),
) as unknown as CellLayers;
