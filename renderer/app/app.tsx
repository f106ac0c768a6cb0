import { lazy, Suspense, useEffect } from 'react';
import { OwnSplitsDialog } from '../data/own-splits-dialog.tsx';
import { useDataFacts } from '../data/use-data-facts.ts';
import { FilePicker } from '../documents/file-picker.tsx';
import { RecoveryDialog } from '../documents/recovery-dialog.tsx';
import { TemplateGallery } from '../documents/template-gallery.tsx';
import { UnsavedDialog } from '../documents/unsaved-dialog.tsx';
import { useDocumentLifecycle } from '../documents/use-document-lifecycle.ts';
import { useImportStore } from '../import/import-store.ts';
import { LessonPanel } from '../lessons/lesson-panel.tsx';
import { AwayBanner } from '../machine/away-banner.tsx';
import { ConnectDialog } from '../machine/connect-dialog.tsx';
import { SendDialog } from '../machine/send-dialog.tsx';
import { CommandPalette } from '../palette/command-palette.tsx';
import { RayDialog } from '../ray/ray-dialog.tsx';
import { useUiStore } from '../store/ui-store.ts';
import { followDocument } from '../training/follow-document.ts';
import { tellEndings } from '../training/run-notices.ts';
import { StartCheckDialog } from '../training/start-check-dialog.tsx';
import { useMemoryCheck } from '../training/use-memory-check.ts';
import { loadEquations } from '../ui/equation.tsx';
import { Spinner } from '../ui/spinner.tsx';
import { Toaster } from '../ui/toaster.tsx';
import { TooltipProvider } from '../ui/tooltip.tsx';
import { idle } from '../ui/when-idle.ts';
import './app.css';
import { UpdatesDialog } from '../updates/updates-dialog.tsx';
import { Design } from './design.tsx';
import { EngineBanner } from './engine-banner.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { FileDrop } from './file-drop.tsx';
import { Footer } from './footer.tsx';
import { Header } from './header.tsx';
import { OtherWindowsBanner } from './other-windows-banner.tsx';
import { ShortcutsDialog } from './shortcuts-dialog.tsx';
import { SkipLink } from './skip-link.tsx';
import { useTheme } from './use-theme.ts';

const DataPanel = lazy(async () => ({ default: (await import('../data/index.tsx')).DataPanel }));
const RunsPanel = lazy(async () => ({ default: (await import('../runs/index.tsx')).RunsPanel }));
const SweepPanel = lazy(async () => ({ default: (await import('../sweep/index.tsx')).SweepPanel }));
const PlaygroundPanel = lazy(async () => ({ default: (await import('../playground/index.tsx')).PlaygroundPanel }));
const ImportDialog = lazy(async () => ({ default: (await import('../import/index.tsx')).ImportDialog }));
const ExportDialog = lazy(async () => ({ default: (await import('../export/index.tsx')).ExportDialog }));

/** The window. `restored`: it shows what it showed before a reload. */
export function App({ restored }: { readonly restored: boolean }) {
  return (
    <ErrorBoundary place="The window">
      <TooltipProvider delayDuration={450}>
        <Window restored={restored} />
        <Toaster />
      </TooltipProvider>
    </ErrorBoundary>
  );
}

/** What the window does without a picture; some of it follows each step of a training, and nothing is drawn anew for that. */
function Background({ restored }: { readonly restored: boolean }) {
  useTheme();
  useDocumentLifecycle(restored);
  useDataFacts();
  useEffect(() => followDocument(), []);
  useEffect(() => tellEndings(), []);
  useMemoryCheck();
  // Not with the first node that is selected.
  useEffect(() => idle(loadEquations), []);
  return null;
}

function Announcement() {
  const announcement = useUiStore((s) => s.announcement);
  return (
    <div className="visually-hidden" role="status" aria-live="polite">
      {announcement}
    </div>
  );
}

function Window({ restored }: { readonly restored: boolean }) {
  const tab = useUiStore((s) => s.tab);
  const exporting = useUiStore((s) => s.dialog === 'export');
  const importing = useImportStore((s) => s.found !== null);
  const openDialog = useUiStore((s) => s.openDialog);
  return (
    <div className="app">
      <SkipLink />
      <Header />
      <div>
        <EngineBanner />
        <AwayBanner />
        <OtherWindowsBanner />
      </div>
      <div className="app__row">
        <LessonPanel />
        <main id="main" className="app__main" tabIndex={-1}>
          <div className="app__panel" id={`panel-${tab}`} aria-labelledby={`tab-${tab}`} role="tabpanel">
            <ErrorBoundary key={tab} place="This panel">
              <Suspense
                fallback={
                  <div className="app__loading">
                    <Spinner label="Loading…" />
                  </div>
                }
              >
                {tab === 'design' && <Design />}
                {tab === 'data' && <DataPanel />}
                {tab === 'runs' && <RunsPanel />}
                {tab === 'sweep' && <SweepPanel />}
                {tab === 'playground' && <PlaygroundPanel />}
              </Suspense>
            </ErrorBoundary>
          </div>
        </main>
      </div>
      <Footer />
      <CommandPalette />
      <TemplateGallery />
      <ShortcutsDialog />
      <UpdatesDialog />
      <ConnectDialog />
      <RecoveryDialog />
      <FilePicker />
      <OwnSplitsDialog />
      <UnsavedDialog />
      <RayDialog />
      <SendDialog />
      <StartCheckDialog />
      <FileDrop />
      {importing && (
        <ErrorBoundary place="The import dialog">
          <Suspense fallback={null}>
            <ImportDialog />
          </Suspense>
        </ErrorBoundary>
      )}
      {exporting && (
        <ErrorBoundary place="The export dialog">
          <Suspense fallback={null}>
            <ExportDialog open onOpenChange={(open) => openDialog(open ? 'export' : null)} />
          </Suspense>
        </ErrorBoundary>
      )}
      <Announcement />
      <Background restored={restored} />
    </div>
  );
}
