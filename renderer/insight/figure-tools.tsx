import { Download, Table2 } from 'lucide-react';
import { useState } from 'react';
import { IconButton } from '../ui/button.tsx';
import { toCsv } from '../ui/csv.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Menu } from '../ui/menu.tsx';
import { saveFile } from '../ui/save-file.ts';
import { ScrollRegion } from '../ui/scroll-region.tsx';
import './figure-tools.css';
import { fileNameOf, type PictureKind, savePicture } from './save-figure.ts';
import { shown } from './step-equations.ts';

/** The numbers of a figure: names of columns, then rows, each with its name first. */
export interface FigureTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

interface FigureToolsProps {
  /** What the figure shows: title of its table, name of its files. */
  readonly name: string;
  table(): FigureTable;
  /** The figure as SVG, with the page's custom properties; `null` where it is not drawn yet. Absent where the figure is a table. */
  svg?(): string | null | Promise<string | null>;
}

/** A figure as a table, and as a file. */
export function FigureTools({ name, table, svg }: FigureToolsProps) {
  const [open, setOpen] = useState(false);
  const file = fileNameOf(name);
  const save = {
    csv: (): void => {
      const { head, rows } = table();
      saveFile(`${file}.csv`, new Blob([toCsv([head, ...rows])], { type: 'text/csv;charset=utf-8' }));
    },
    picture: (kind: PictureKind): void => {
      if (svg) void savePicture(file, kind, svg);
    },
  };
  return (
    <span className="figure-tools">
      <IconButton label={`As a table: ${name}`} size="small" onClick={() => setOpen(true)}>
        <Table2 size={14} aria-hidden />
      </IconButton>
      <Menu
        align="end"
        trigger={
          <IconButton label={`Save: ${name}`} size="small">
            <Download size={14} aria-hidden />
          </IconButton>
        }
        groups={[
          [
            { id: 'csv', label: 'Numbers as CSV', run: save.csv },
            ...(svg
              ? [
                  { id: 'png', label: 'Picture as PNG', run: () => save.picture('png') },
                  { id: 'svg', label: 'Picture as SVG', run: () => save.picture('svg') },
                ]
              : []),
          ],
        ]}
      />
      {open && (
        <Dialog open onOpenChange={setOpen} title={name} wide>
          <NumbersTable name={name} {...table()} />
        </Dialog>
      )}
    </span>
  );
}

/** Numbers above this many are not written out; the CSV has all. */
const most = 6_000;

/** The numbers of a figure, written out. */
export function NumbersTable({ name, head, rows }: FigureTable & { readonly name: string }) {
  const fit = Math.max(1, Math.floor(most / Math.max(1, head.length)));
  const shownRows = rows.slice(0, fit).map((cells, place) => ({ place, cells }));
  return (
    <>
      {rows.length > fit && (
        <p className="figure-tools__some">
          The first {fit.toLocaleString('en')} of {rows.length.toLocaleString('en')} rows; the CSV has them all.
        </p>
      )}
      <ScrollRegion label={name} className="figure-tools__table">
        <table>
          <thead>
            <tr>
              {head
                .map((title, place) => ({ title, place }))
                .map(({ title, place }) => (
                  <th key={place} scope="col">
                    {title}
                  </th>
                ))}
            </tr>
          </thead>
          <tbody>
            {shownRows.map(({ place, cells: [first, ...others] }) => (
              <tr key={place}>
                <th scope="row">{first}</th>
                {others
                  .map((cell, column) => ({ cell, column }))
                  .map(({ cell, column }) => (
                    <td key={column}>{typeof cell === 'number' ? shown(cell) : cell}</td>
                  ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </>
  );
}
