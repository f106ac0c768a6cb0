import { CircleAlert, CircleCheck, Server, TriangleAlert } from 'lucide-react';
import { Popover } from 'radix-ui';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import type { DeviceInfo, SetupProgress } from '../../engine/protocol/app.ts';
import { engine, useConnection, useEngineEvent } from '../bridge/engine.ts';
import { farHost, useMachine } from '../bridge/machine.ts';
import { useViewport } from '../canvas/viewport-store.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { totalParameters } from '../store/node-cards.ts';
import { useUiStore } from '../store/ui-store.ts';
import { runningRun, useTrainingStore } from '../training/store.ts';
import './footer.css';

const DeviceMenu = lazy(async () => ({ default: (await import('../training/device-menu.tsx')).DeviceMenu }));

/** The status bar. */
export function Footer() {
  return (
    <footer className="footer">
      <DeviceBadge />
      <Pace />
      <span className="footer__space" />
      <Size />
      <Problems />
      <Zoom />
    </footer>
  );
}

function DeviceBadge() {
  const generation = useConnection((s) => s.generation);
  const status = useConnection((s) => s.status);
  const wanted = useDocumentStore((s) => s.document.training.device);
  const live = useTrainingStore((s) => runningRun(s)?.device ?? null);
  const [devices, setDevices] = useState<readonly DeviceInfo[]>([]);
  const [preferred, setPreferred] = useState<DeviceInfo['backend'] | null>(null);
  const [setup, setSetup] = useState<SetupProgress | null>(null);
  const setupState = setup?.state;
  useEffect(() => {
    if (generation === 0) return;
    if (setupState === 'running') return;
    engine.call('app.devices', {}).then(
      (result) => {
        setDevices(result.devices);
        setPreferred(result.preferred);
      },
      () => undefined,
    );
  }, [generation, setupState]);
  useEngineEvent('setup.progress', setSetup);
  const chosen = devices.find((d) => d.backend === (wanted === 'auto' ? preferred : wanted));
  const host = useMachine((s) => farHost(s.state));
  const away = useMachine((s) => s.state.kind === 'away');
  const [open, setOpen] = useState(false);
  const text =
    status !== 'open'
      ? 'Engine away'
      : away
        ? 'Connection lost'
        : (live ?? (chosen ? chosen.description : devices.length > 0 ? 'No device' : 'Looking for devices…'));
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger className="footer__device" data-ready={status === 'open' && !away && (chosen?.available ?? false)}>
        <span className="footer__dot" aria-hidden />
        {host !== null && (
          <span className="footer__machine">
            <Server size={12} aria-hidden />
            {host}
          </span>
        )}
        <span className="footer__text" title={text}>
          {text}
        </span>
        {setup?.state === 'running' && (
          <span className="footer__setup">
            {setup.step} {setup.fraction === null ? '' : `${Math.round(setup.fraction * 100)} %`}
          </span>
        )}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className="footer__popover"
          side="top"
          align="start"
          sideOffset={8}
          collisionPadding={8}
          aria-label="Devices"
        >
          <Suspense fallback={null}>
            <DeviceMenu onLeave={() => setOpen(false)} />
          </Suspense>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function Pace() {
  const pace = useTrainingStore((s) => {
    const run = runningRun(s);
    return run ? s.pace[run.id] : undefined;
  });
  // What was last heard is no pace of now.
  const away = useMachine((s) => s.state.kind === 'away');
  if (!pace || away) return null;
  return (
    <>
      {pace.tokensPerSecond !== null && <span>{compact.format(pace.tokensPerSecond)} tokens/s</span>}
      {pace.memoryBytes !== null && <span>memory {Math.round(pace.memoryBytes / 1024 ** 2)} MB</span>}
    </>
  );
}

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

function Size() {
  const counts = useDocumentStore((s) => s.meaning.parameters);
  // Counted anew with its counts only: a graph whose nodes lie elsewhere has the same.
  const total = useMemo(() => {
    const { whole } = useDocumentStore.getState();
    return whole.nodes.length === 0 ? null : totalParameters(whole, counts);
  }, [counts]);
  return total === null ? null : <span>{total.toLocaleString('en')} parameters</span>;
}

function Problems() {
  const errors = useDocumentStore((s) => s.meaning.problems.filter((p) => p.severity === 'error').length);
  const warnings = useDocumentStore((s) => s.meaning.problems.length) - errors;
  const open = useUiStore((s) => s.problemsOpen);
  const count = errors + warnings;
  const toggle = (): void => {
    useUiStore.getState().setTab('design');
    useUiStore.getState().setProblemsOpen(!open);
  };
  return (
    <button
      type="button"
      className="footer__button"
      aria-expanded={open}
      onClick={toggle}
      disabled={count === 0}
      data-level={errors > 0 ? 'error' : warnings > 0 ? 'warning' : 'none'}
    >
      {errors > 0 ? (
        <CircleAlert size={13} aria-hidden />
      ) : warnings > 0 ? (
        <TriangleAlert size={13} aria-hidden />
      ) : (
        <CircleCheck size={13} aria-hidden />
      )}
      {count === 0 ? 'No problems' : `${count} ${count === 1 ? 'problem' : 'problems'}`}
    </button>
  );
}

function Zoom() {
  const zoom = useViewport((s) => s.zoom);
  const flow = useViewport((s) => s.flow);
  if (!flow) return null;
  const percent = `${Math.round(zoom * 100)} %`;
  return (
    <button
      type="button"
      className="footer__button footer__zoom"
      aria-label={`Zoom ${percent}: set to 100 %`}
      onClick={() => void flow.zoomTo(1)}
    >
      {percent}
    </button>
  );
}
