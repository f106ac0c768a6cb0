import katex from 'katex';
import 'katex/dist/katex.min.css';
import { useLayoutEffect, useRef } from 'react';
import { brokenLines } from './broken-lines.ts';

interface EquationProps {
  /** TeX. */
  readonly tex: string;
  readonly display: boolean;
  /** Whether parts of it bear data of ours, by `\htmlData`: only for TeX that no person wrote. */
  readonly marked?: boolean;
}

/** A formula; screen readers get its MathML. */
export function TypesetEquation({ tex, display, marked = false }: EquationProps) {
  const host = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    const element = host.current;
    if (!element) return undefined;
    const render = (source: string): void =>
      katex.render(source, element, {
        displayMode: display,
        throwOnError: false,
        output: 'htmlAndMathml',
        ...(marked ? { trust: ({ command }) => command === '\\htmlData', strict: false } : {}),
      });
    render(tex);
    if (!display) return undefined;
    // A long line is broken, then made smaller instead of being cut; its width is known once its fonts are there.
    const fit = (): void => {
      element.style.fontSize = '';
      if (element.scrollWidth > element.clientWidth) render(brokenLines(tex));
      const room = element.clientWidth / element.scrollWidth;
      if (room < 1) element.style.fontSize = `${Math.max(0.6, room * 0.96)}em`;
    };
    fit();
    let shown = true;
    void document.fonts.ready.then(() => {
      if (shown) fit();
    });
    return () => {
      shown = false;
    };
  }, [tex, display, marked]);
  return <span ref={host} className={display ? 'equation' : 'equation equation--inline'} />;
}
