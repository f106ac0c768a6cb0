import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { MachineState } from '../../engine/protocol/machine.ts';
import type { SweepState } from '../../engine/protocol/sweep.ts';
import { type FakeEngine, fakeEngine, settle } from '../bridge/fixtures/fake-engine.ts';
import { showMachine, useMachine } from '../bridge/machine.ts';
import { changeTarget, useRayStore } from '../ray/ray-store.ts';
import { sweepCluster, trainTrialsOnCluster } from './sweep-place.ts';
import { isTrial, refreshSweeps, showSweep, startSweep, useSweeps } from './sweep-store.ts';

const sweep = (id: string, status: SweepState['status'] = 'done'): SweepState =>
  ({ id, name: id, status, created: 0, trials: [], best: null }) as unknown as SweepState;
const goTo = (kind: 'here' | 'there'): void => {
  const joined = useMachine.getState().state.joined + 1;
  const far = { host: 'gpu-box', hostname: 'g', platform: 'linux', home: '/h', documents: '/d' };
  showMachine((kind === 'here' ? { kind, joined } : { kind, joined, ...far }) as MachineState);
};

const initial = useSweeps.getState();
const target = useRayStore.getState().target;
let fake: FakeEngine;
beforeEach(() => {
  fake = fakeEngine();
  useSweeps.setState(initial, true);
  useRayStore.setState({ target });
  trainTrialsOnCluster(false);
});
afterEach(() => vi.restoreAllMocks());

it('sweeps are those of the machine that the windows are on, whenever what was asked before is answered', async () => {
  fake.answers['sweep.list'] = () => ({ sweeps: [sweep('near', 'running')] });
  fake.answers['sweep.get'] = () => sweep('near', 'running');
  await refreshSweeps();
  expect(isTrial('near-t1-s1')).toBe(true);
  delete fake.answers['sweep.list'];
  delete fake.answers['sweep.get'];
  void refreshSweeps();
  void showSweep('near');
  const asked = { list: fake.next('sweep.list'), get: fake.next('sweep.get') };

  goTo('there');
  expect(useSweeps.getState()).toMatchObject({ sweeps: [], shown: null, loaded: false });
  expect(isTrial('near-t1-s1')).toBe(false);
  await asked.list.answer({ sweeps: [sweep('near')] });
  await asked.get.answer(sweep('near'));
  expect(useSweeps.getState()).toMatchObject({ sweeps: [], shown: null });
  await fake.next('sweep.list').answer({ sweeps: [sweep('far')] });
  await fake.next('sweep.get').answer(sweep('far'));
  expect(useSweeps.getState()).toMatchObject({ sweeps: [{ id: 'far' }], shown: { id: 'far' }, loaded: true });

  // A start that the machine before answers, or refuses, is none of this one's.
  void startSweep();
  await settle();
  goTo('here');
  await fake.next('sweep.list').answer({ sweeps: [] });
  await fake.next('sweep.start').answer(sweep('begun there', 'running'));
  expect(useSweeps.getState()).toMatchObject({ sweeps: [], shown: null, pending: null, failure: null });
});

it('trials train on a cluster only where that was chosen, and one is set up', async () => {
  const place = async (): Promise<unknown> => {
    void startSweep();
    await settle();
    const call = fake.next('sweep.start');
    await call.refuse('no-data');
    return call.params.on;
  };
  changeTarget({ address: 'http://head:8265', storage: '/mnt/shared' });
  expect(await place()).toBeUndefined();
  trainTrialsOnCluster(true);
  expect(await place()).toEqual({ address: 'http://head:8265', workers: 1, gpus: 0, storage: '/mnt/shared' });
  changeTarget({ storage: ' ' });
  expect(sweepCluster()).toBeUndefined();
});
