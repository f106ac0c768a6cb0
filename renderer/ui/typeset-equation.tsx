import 'katex/dist/katex.min.css';
import { useLayoutEffect, useRef } from 'react';
import { typeset, typesetSoon } from './typesetting.ts';

interface EquationProps {
  /** TeX. */
  readonly tex: string;
  readonly display: boolean;
  /** Whether parts of it bear data of ours, by `\htmlData`: only for TeX that no person wrote. */
  readonly marked?: boolean;
  /** Whether it may be set in type a moment later, when there is time: of text that is read, not of numbers that follow a cursor. */
  readonly patient?: boolean;
}

/** A formula; screen readers get its MathML. */
export function TypesetEquation({ tex, display, marked = false, patient = false }: EquationProps) {
  const host = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    const element = host.current;
    if (!element) return undefined;
    const formula = { element, tex, display, marked };
    if (patient) return typesetSoon(formula);
    typeset(formula);
    return undefined;
  }, [tex, display, marked, patient]);
  return <span ref={host} className={display ? 'equation' : 'equation equation--inline'} />;
}
