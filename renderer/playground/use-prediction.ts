import { useEffect, useRef, useState } from 'react';
import type { SplitName } from '../../engine/document/split-names.ts';
import type { Failure } from '../../engine/protocol/envelope.ts';
import type { DecodeSettings, Prediction } from '../../engine/protocol/predict.ts';
import { engine, failureOf } from '../bridge/engine.ts';
import { useTrainingStore } from '../training/store.ts';

/** What is asked of the run; `null` asks nothing. */
export type Question = { readonly decode?: DecodeSettings | undefined } & (
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'series'; readonly rows: readonly (readonly number[])[] }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'example'; readonly split: SplitName; readonly index: number }
);

interface Answer {
  readonly prediction: Prediction | null;
  readonly failure: Failure | null;
  readonly busy: boolean;
}

/** Waits for a pause in typing. */
const typingPause = 140;
/** While the run trains, the answer is asked for again this often. */
const refreshEvery = 1_500;

function predict(run: string, { decode, ...question }: Question): Promise<Prediction> {
  switch (question.kind) {
    case 'text':
      return engine.call('predict.text', { run, text: question.text, decode });
    case 'series':
      return engine.call('predict.series', { run, rows: question.rows.map((row) => [...row]), decode });
    case 'file':
      return engine.call('predict.file', { run, path: question.path, decode });
    case 'example':
      return engine.call('predict.example', { run, split: question.split, index: question.index, decode });
  }
}

/** The run's answer: asked for while typing, and again as the run learns. One question is under way at a time; the newest wins. */
export function usePrediction(run: string | null, question: Question | null): Answer {
  const [answer, setAnswer] = useState<Answer>({ prediction: null, failure: null, busy: false });
  const training = useTrainingStore((s) => s.runs.some((r) => r.id === run && r.status === 'running'));
  const asking = useRef(false);
  const asked = question === null ? null : JSON.stringify(question);

  useEffect(() => {
    if (run === null || asked === null) {
      setAnswer({ prediction: null, failure: null, busy: false });
      return;
    }
    let current = true;
    const ask = async (): Promise<void> => {
      if (asking.current) return;
      asking.current = true;
      setAnswer((a) => ({ ...a, busy: true }));
      const next = JSON.parse(asked) as Question;
      try {
        const prediction = await predict(run, next);
        if (current) setAnswer({ prediction, failure: null, busy: false });
      } catch (error) {
        if (current) setAnswer((a) => ({ prediction: a.prediction, failure: failureOf(error), busy: false }));
      } finally {
        asking.current = false;
      }
    };
    let timer = setTimeout(function again() {
      // A question may still be under way for what was typed before: come back for this one.
      if (asking.current) timer = setTimeout(again, typingPause / 2);
      else void ask();
    }, typingPause);
    const refresh = training ? setInterval(() => void ask(), refreshEvery) : null;
    return () => {
      current = false;
      clearTimeout(timer);
      if (refresh) clearInterval(refresh);
    };
  }, [run, asked, training]);
  return answer;
}
