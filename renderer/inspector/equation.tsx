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
    const element = host.current;
    if (!element) return;
    katex.render(tex, element, { displayMode: display, throwOnError: false, output: 'htmlAndMathml' });
    if (!display) return;
    // A long line is made smaller instead of being cut.
    element.style.fontSize = '';
    const room = element.clientWidth / element.scrollWidth;
    if (room < 1) element.style.fontSize = `${Math.max(0.6, room * 0.97)}em`;
  }, [tex, display]);
  return <span ref={host} className={display ? 'equation' : 'equation equation--inline'} />;
}
