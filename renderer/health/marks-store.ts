import { useDeferredValue, useEffect, useMemo } from 'react';
import { create } from 'zustand';
import { useDocumentStore } from '../store/document-store.ts';
import { loadRun, useTrainingStore } from '../training/store.ts';
import { useCanvasRun } from '../training/use-canvas-run.ts';
import { type HealthMark, marksAt } from './ailments.ts';
import { lastingVerdicts } from './lasting-verdicts.ts';

const none: ReadonlyMap<string, HealthMark> = new Map();

/** By the ids of what the canvas shows. Changed by `HealthKeeper`, and only where a mark says something else. */
export const useHealthMarks = create<{ readonly marks: ReadonlyMap<string, HealthMark> }>(() => ({ marks: none }));

/** Keeps the marks: those of the run last trained on this very graph, found once for all cards. */
export function HealthKeeper(): null {
  const whole = useDeferredValue(useDocumentStore((s) => s.whole));
  const level = useDocumentStore((s) => s.level);
  const run = useCanvasRun();
  const id = run?.id;
  const measured = useTrainingStore((s) => (id === undefined ? undefined : s.curves[id]?.health));
  // A run that trains tells by itself.
  const unread = id !== undefined && measured === undefined && run?.status !== 'running';
  useEffect(() => {
    if (unread) void loadRun(id);
  }, [unread, id]);
  const marks = useMemo(
    () => (id === undefined || measured === undefined ? none : marksAt(id, lastingVerdicts(whole, measured), whole, level)),
    [id, measured, whole, level],
  );
  useEffect(() => {
    const before = useHealthMarks.getState().marks;
    if (JSON.stringify([...before]) !== JSON.stringify([...marks])) useHealthMarks.setState({ marks });
  }, [marks]);
  useEffect(() => () => useHealthMarks.setState({ marks: none }), []);
  return null;
}
