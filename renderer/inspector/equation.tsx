import katex from 'katex';
import 'katex/dist/katex.min.css';
import { useLayoutEffect, useRef } from 'react';

interface EquationProps {
  /** TeX. */
  readonly tex: string;
  readonly display: boolean;
}

/** A formula; screen readers get its MathML. */
export function Equation({ tex, display }: EquationProps) {
  const host = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    if (host.current) katex.render(tex, host.current, { displayMode: display, throwOnError: false, output: 'htmlAndMathml' });
  }, [tex, display]);
  return <span ref={host} className={display ? 'equation' : 'equation equation--inline'} />;
}
