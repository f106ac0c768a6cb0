import { z } from 'zod';
import { create } from 'zustand';
import { type LessonCondition, lesson } from '../../engine/document/lesson.ts';
import { engine } from '../bridge/engine.ts';
import { cellThatIsOpen } from '../cell-editor/open-cell.ts';
import { leaveDocument } from '../documents/document-actions.ts';
import { useInsight } from '../insight/store.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { kept } from '../store/kept.ts';
import { announce, canvasAfterwards, useUiStore } from '../store/ui-store.ts';
import { loadRun, useTrainingStore } from '../training/store.ts';
import { toastFailure } from '../ui/toast-store.ts';
import { isAnyUnfolded } from '../unfold/unfold-store.ts';
import { holds, type LessonRun, type Situation } from './holds.ts';

const place = 'unroll.lesson';
const donePlace = 'unroll.lessons-done';

const progress = z.strictObject({
  lesson,
  /** The step that is read; one more than there are is the question. */
  step: z.number().int().min(0),
  /** Steps whose condition was met once. */
  met: z.array(z.number().int()),
  /** Whether the question's experiment was made. */
  tried: z.boolean(),
  /** The answer that was chosen. */
  answer: z.number().int().nullable(),
  /** When it began, ms since epoch: runs that are older are not its own. */
  since: z.number(),
});
export type LessonProgress = z.infer<typeof progress>;

interface LessonState {
  /** `null` while no lesson is open. */
  readonly progress: LessonProgress | null;
  /** Names of lessons whose question was answered rightly. */
  readonly done: readonly string[];
}

/** The lesson that is open, the same after a reload, and those that were finished. */
export const useLessonStore = create<LessonState>(() => ({
  progress: kept<LessonProgress | null>(place, progress, null),
  done: kept(donePlace, z.array(z.string()), []),
}));

useLessonStore.subscribe((state, before) => {
  if (state.progress !== before.progress) {
    if (state.progress) localStorage.setItem(place, JSON.stringify(state.progress));
    else localStorage.removeItem(place);
  }
  if (state.done !== before.done) localStorage.setItem(donePlace, JSON.stringify(state.done));
});

const { getState: get, setState: set } = useLessonStore;

function change(next: (progress: LessonProgress) => Partial<LessonProgress>): void {
  set(({ progress: before }) => (before ? { progress: { ...before, ...next(before) } } : {}));
}

/** Once the window shows what was set, and has laid it out. */
const drawn = (): Promise<unknown> => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));

/** Opens a lesson and the document that it starts from, once the open one is safe. */
export async function openLesson(from: { readonly name: string } | { readonly path: string }): Promise<void> {
  if (!(await leaveDocument())) return;
  const showCanvas = canvasAfterwards();
  try {
    const { lesson: opened, document } = await engine.call('lesson.open', from);
    // First, so that the graph is fitted into what the lesson leaves of the canvas.
    set({ progress: { lesson: opened, step: 0, met: [], tried: false, answer: null, since: Date.now() } });
    showCanvas();
    await drawn();
    useDocumentStore.getState().load({ document: { ...document, name: opened.title }, path: null });
    announce(`Lesson “${opened.title}” opened.`);
  } catch (error) {
    toastFailure(error, 'The lesson was not opened');
  }
}

export function closeLesson(): void {
  set({ progress: null });
  announce('Lesson closed. The document stays.');
}

/** Goes to a step, or past the last one to the question. */
export function goToStep(step: number): void {
  change(({ lesson: { steps } }) => ({ step: Math.max(0, Math.min(step, steps.length)) }));
}

export function chooseAnswer(answer: number): void {
  change(() => ({ answer }));
  const { progress: now, done } = get();
  if (!now?.tried || !now.lesson.question.answers[answer]?.right || done.includes(now.lesson.name)) return;
  set({ done: [...done, now.lesson.name] });
}

function situation({ since }: LessonProgress): Situation {
  const { runs, documents } = useTrainingStore.getState();
  const own = runs.filter(({ created }) => created >= since);
  for (const { id, status } of own) {
    if (documents[id] === undefined && status !== 'running' && status !== 'paused') void loadRun(id);
  }
  const { open, view } = useInsight.getState();
  const shows = cellThatIsOpen() === null ? useUiStore.getState().tab : 'cell';
  return {
    document: useDocumentStore.getState().whole,
    shows,
    unfolded: isAnyUnfolded(),
    view: open ? view : null,
    runs: own.map((summary): LessonRun => ({ summary, document: documents[summary.id] })),
  };
}

/** Notes what has come true of the open lesson; a step's condition that was met once stays met. */
export function lookAtLesson(): void {
  const { progress: now } = get();
  if (!now) return;
  const seen = situation(now);
  const met = (condition: LessonCondition | undefined): boolean => condition !== undefined && holds(condition, seen);
  const { steps, question } = now.lesson;
  if (!now.met.includes(now.step) && met(steps[now.step]?.until)) {
    change(({ met: before, step }) => ({ met: [...before, step] }));
    announce('Done. On to the next step.');
  }
  if (!now.tried && met(question.experiment)) change(() => ({ tried: true }));
}
