import { Check, ChevronLeft, ChevronRight, Crosshair, X } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import type { LessonQuestion, LessonStep } from '../../engine/document/lesson.ts';
import { useOpenCell } from '../cell-editor/open-cell.ts';
import { useInsight } from '../insight/store.ts';
import { lessonWidth, useLessonBeside } from '../store/dock-store.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { useUiStore } from '../store/ui-store.ts';
import { useTrainingStore } from '../training/store.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Markdown, MarkdownLine } from '../ui/markdown.tsx';
import { useUnfold } from '../unfold/unfold-store.ts';
import './lesson-panel.css';
import { chooseAnswer, closeLesson, goToStep, type LessonProgress, lookAtLesson, useLessonStore } from './lesson-store.ts';
import { showPoint, usePoint } from './point.ts';

/** The lesson that is open, beside whatever the window shows. */
export function LessonPanel() {
  const progress = useLessonStore((s) => s.progress);
  return progress && <OpenLesson progress={progress} />;
}

function OpenLesson({ progress }: { readonly progress: LessonProgress }) {
  const { lesson, step, met } = progress;
  useLook();
  const current = lesson.steps[step];
  usePoint(current?.point);
  const head = useRef<HTMLHeadingElement>(null);
  const asked = useRef(step);
  useEffect(() => {
    // Whoever goes on by a button hears and sees the new step from its head.
    if (asked.current !== step) head.current?.focus();
    asked.current = step;
  }, [step]);
  useEffect(() => {
    useLessonBeside.setState({ open: true });
    return () => useLessonBeside.setState({ open: false });
  }, []);
  const waits = current?.until !== undefined && !met.includes(step);
  return (
    <aside className="lesson" style={{ '--lesson-width': `${lessonWidth}px` }} aria-label={`Lesson: ${lesson.title}`}>
      <header className="lesson__head">
        <span className="lesson__name">{lesson.title}</span>
        <IconButton label="Close the lesson" size="small" onClick={closeLesson}>
          <X size={14} aria-hidden />
        </IconButton>
      </header>
      <progress className="lesson__progress" aria-label="Steps of the lesson" value={step} max={lesson.steps.length} />
      <section className="lesson__body" aria-labelledby="lesson-step">
        <h2 id="lesson-step" className="lesson__title" ref={head} tabIndex={-1}>
          {current ? `${step + 1}. ${current.title}` : 'The question'}
        </h2>
        {current ? (
          <StepBody step={current} state={waits ? 'waits' : current.until ? 'met' : 'free'} />
        ) : (
          <Question progress={progress} />
        )}
      </section>
      <footer className="lesson__foot">
        <Button size="small" disabled={step === 0} onClick={() => goToStep(step - 1)}>
          <ChevronLeft size={14} aria-hidden /> Back
        </Button>
        <span className="lesson__count">{current ? `${step + 1} of ${lesson.steps.length}` : ''}</span>
        {current && (
          <Button size="small" variant={waits ? 'default' : 'primary'} onClick={() => goToStep(step + 1)}>
            {waits ? 'Skip' : 'Next'} <ChevronRight size={14} aria-hidden />
          </Button>
        )}
      </footer>
    </aside>
  );
}

/** Looks whenever something that conditions are about has changed. */
function useLook(): void {
  const document = useDocumentStore((s) => s.whole);
  const tab = useUiStore((s) => s.tab);
  const runs = useTrainingStore((s) => s.runs);
  const documents = useTrainingStore((s) => s.documents);
  const step = useLessonStore((s) => s.progress?.step);
  const cell = useOpenCell();
  const view = useInsight((s) => (s.open ? s.view : null));
  const unfolded = useUnfold((s) => s.nodes);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is looked at is read from the stores
  useEffect(lookAtLesson, [document, tab, runs, documents, step, cell, view, unfolded]);
}

function StepBody({
  step: { text, point, until },
  state,
}: {
  readonly step: LessonStep;
  readonly state: 'waits' | 'met' | 'free';
}) {
  return (
    <>
      <Markdown text={text} />
      {point && (
        <Button size="small" onClick={() => showPoint(point)}>
          <Crosshair size={14} aria-hidden /> Show me
        </Button>
      )}
      {until && (
        <p className="lesson__state" data-met={state === 'met'} role="status">
          {state === 'met' ? (
            <>
              <Check size={14} aria-hidden /> Done
            </>
          ) : (
            'The lesson goes on when this is done.'
          )}
        </p>
      )}
    </>
  );
}

function Question({ progress: { lesson, tried, answer } }: { readonly progress: LessonProgress }) {
  const { question } = lesson;
  const chosen = answer === null ? undefined : question.answers[answer];
  return (
    <>
      <Markdown text={question.text} />
      {!tried && (
        <Note>
          <strong>Try it first.</strong> <Markdown text={question.task} />
        </Note>
      )}
      <Answers question={question} answer={answer} tried={tried} />
      {tried && chosen && (
        <div role="status" className="lesson__reply" data-right={chosen.right}>
          <strong>{chosen.right ? 'Right.' : 'Not so.'}</strong> <Markdown text={chosen.reply} />
        </div>
      )}
    </>
  );
}

function Note({ children }: { readonly children: ReactNode }) {
  return <div className="lesson__note">{children}</div>;
}

interface AnswersProps {
  readonly question: LessonQuestion;
  readonly answer: number | null;
  /** Until it was tried, there is nothing to choose. */
  readonly tried: boolean;
}

function Answers({ question: { answers }, answer, tried }: AnswersProps) {
  return (
    <fieldset className="lesson__answers" disabled={!tried}>
      <legend className="visually-hidden">Answers</legend>
      {answers.map(({ text }, place) => (
        <label key={text} className="lesson__answer">
          <input type="radio" name="lesson-answer" checked={answer === place} onChange={() => chooseAnswer(place)} />
          <MarkdownLine text={text} />
        </label>
      ))}
    </fieldset>
  );
}
