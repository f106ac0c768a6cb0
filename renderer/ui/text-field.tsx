import type { ComponentProps } from 'react';
import './field.css';

/** One line of text. */
export function TextField({ className, type = 'text', ...rest }: ComponentProps<'input'>) {
  return <input type={type} className={`input ${className ?? ''}`} spellCheck={false} {...rest} />;
}

/** Several lines of text. */
export function TextArea({ className, ...rest }: ComponentProps<'textarea'>) {
  return <textarea className={`input ${className ?? ''}`} {...rest} />;
}
