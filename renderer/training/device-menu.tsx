import { CircleCheck, CircleMinus, Download, Server } from 'lucide-react';
import { useEffect, useId, useState } from 'react';
import type { DeviceInfo, MatrixProducts, SetupProgress } from '../../engine/protocol/app.ts';
import type { MethodResult } from '../../engine/protocol/contract.ts';
import type { Failure } from '../../engine/protocol/envelope.ts';
import { engine, failureOf, useConnection, useEngineEvent } from '../bridge/engine.ts';
import { MachineSection } from '../machine/machine-section.tsx';
import { openRayDialog } from '../ray/ray-store.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { Button } from '../ui/button.tsx';
import { Progress } from '../ui/progress.tsx';
import { Spinner } from '../ui/spinner.tsx';
import './device-menu.css';
import { FailureNote } from './failure-note.tsx';
import { MatrixProductsChoice } from './matrix-products.tsx';
import { formatCount } from './metric-format.ts';
import { runningRun, useTrainingStore } from './store.ts';

type Devices = MethodResult<'app.devices'>;
type Choice = 'auto' | DeviceInfo['backend'];

const titles: Readonly<Record<DeviceInfo['backend'], string>> = {
  tensorflow: 'Native TensorFlow',
  webgpu: 'WebGPU',
  wasm: 'WebAssembly',
  javascript: 'JavaScript',
};

/** What trains: the devices with their reasons, the choice, and the native runtime's preparation. Content of the status bar's menu. */
export function DeviceMenu({ onLeave }: { readonly onLeave?: () => void }) {
  const name = useId();
  const generation = useConnection((s) => s.generation);
  const choice = useDocumentStore((s) => s.document.training.device);
  const running = useTrainingStore(runningRun);
  const [devices, setDevices] = useState<Devices | null>(null);
  const [setup, setSetup] = useState<SetupProgress | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const finished = setup?.state === 'done';

  // Asked again after a reconnection and once the native runtime is ready.
  useEffect(() => {
    if (generation === 0 && !finished) return;
    let current = true;
    engine.call('app.devices', {}).then(
      (found) => current && setDevices(found),
      (error: unknown) => current && setFailure(failureOf(error)),
    );
    return () => {
      current = false;
    };
  }, [generation, finished]);
  useEffect(() => {
    engine.call('app.setup.status', {}).then(setSetup, (error: unknown) => setFailure(failureOf(error)));
  }, []);
  useEngineEvent('setup.progress', setSetup);

  const choose = (device: Choice): void => useDocumentStore.getState().setTraining({ device });
  const act = (method: 'app.setup.start' | 'app.setup.cancel'): void => {
    setFailure(null);
    engine.call(method, {}).then(setSetup, (error: unknown) => setFailure(failureOf(error)));
  };
  const multiply = (matrixProducts: MatrixProducts): void => {
    setFailure(null);
    engine.call('app.matrixProducts.choose', { matrixProducts }).then(
      () =>
        setDevices((now) =>
          now?.matrixProducts ? { ...now, matrixProducts: { ...now.matrixProducts, chosen: matrixProducts } } : now,
        ),
      (error: unknown) => setFailure(failureOf(error)),
    );
  };
  const best = devices?.devices.find((device) => device.backend === devices.preferred);
  const native = devices?.devices.find((device) => device.backend === 'tensorflow');
  return (
    <div className="device-menu">
      <MachineSection onLeave={onLeave} />
      {failure && <FailureNote failure={failure} />}
      <fieldset className="device-menu__list">
        <legend>Train on</legend>
        {!devices && !failure && <Spinner label="Looking at the devices …" />}
        {devices && (
          <>
            <DeviceRow
              name={name}
              title="Automatic"
              description={best ? `the fastest that works: ${titles[best.backend]}` : 'the fastest that works'}
              available
              checked={choice === 'auto'}
              onChoose={() => choose('auto')}
            />
            {devices.devices.map((device) => (
              <DeviceRow
                key={device.backend}
                name={name}
                title={titles[device.backend]}
                description={device.available ? device.description : (device.reason ?? 'not available')}
                available={device.available}
                facts={facts(device)}
                checked={choice === device.backend}
                onChoose={() => choose(device.backend)}
              />
            ))}
          </>
        )}
      </fieldset>
      {devices?.matrixProducts && <MatrixProductsChoice {...devices.matrixProducts} onChoose={multiply} />}
      <Button size="small" disabled={running !== null} onClick={openRayDialog}>
        <Server size={13} aria-hidden /> Train on a Ray cluster…
      </Button>
      {setup && <Setup setup={setup} ready={native?.available === true} onAct={act} />}
    </div>
  );
}

function facts(device: DeviceInfo): string[] {
  return [
    ...(device.selfCheckError === null ? [] : [`gradient check ${device.selfCheckError.toExponential(1)}`]),
    ...(device.tokensPerSecond === null ? [] : [`${formatCount(device.tokensPerSecond)} tokens/s`]),
  ];
}

interface DeviceRowProps {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly available: boolean;
  readonly facts?: readonly string[];
  readonly checked: boolean;
  onChoose(): void;
}

function DeviceRow({ name, title, description, available, facts: known = [], checked, onChoose }: DeviceRowProps) {
  return (
    <label className={`device-menu__device ${available ? '' : 'device-menu__device--off'}`}>
      <input type="radio" name={name} checked={checked} disabled={!available} onChange={onChoose} />
      <span>
        <b>{title}</b>
        <span>{description}</span>
        {known.length > 0 && <span className="device-menu__facts">{known.join(' · ')}</span>}
      </span>
      {available ? <CircleCheck size={14} aria-label="available" /> : <CircleMinus size={14} aria-label="not available" />}
    </label>
  );
}

interface SetupProps {
  readonly setup: SetupProgress;
  readonly ready: boolean;
  onAct(method: 'app.setup.start' | 'app.setup.cancel'): void;
}

/** Native TensorFlow: offered, under way, failed with a way on, or ready. */
function Setup({ setup, ready, onAct }: SetupProps) {
  if (setup.state === 'running') {
    return (
      <section className="device-menu__setup" aria-label="Native TensorFlow">
        <p role="status">
          {setup.step}
          {setup.fraction !== null && ` · ${Math.round(setup.fraction * 100)} %`}
        </p>
        <Progress label="Preparing native TensorFlow" value={setup.fraction} />
        {setup.message && <p className="device-menu__note">{setup.message}</p>}
        <Button size="small" onClick={() => onAct('app.setup.cancel')}>
          Cancel
        </Button>
      </section>
    );
  }
  if (ready) return null;
  const again = setup.state === 'failed' || setup.state === 'cancelled';
  return (
    <section className="device-menu__setup" aria-label="Native TensorFlow">
      {setup.state === 'failed' && (
        <FailureNote
          failure={{
            code: 'setup-failed',
            message: `Preparing failed: ${setup.step}`,
            ...(setup.message ? { hint: setup.message } : {}),
          }}
        />
      )}
      {setup.state === 'cancelled' && <p>Preparing was cancelled.</p>}
      {!again && (
        <p className="device-menu__note">
          Trains up to four times as fast as WebAssembly. Downloaded once, kept in your own folder, checked before it is used.
        </p>
      )}
      <Button size="small" variant="primary" onClick={() => onAct('app.setup.start')}>
        <Download size={13} aria-hidden /> {again ? 'Try again' : 'Prepare native TensorFlow'}
      </Button>
    </section>
  );
}
