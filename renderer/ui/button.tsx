import type { ComponentProps, ReactNode } from 'react';
import './button.css';
import { Tooltip } from './tooltip.tsx';

interface ButtonProps extends ComponentProps<'button'> {
  /** primary: the one main action of a surface; quiet: no frame until hovered. */
  readonly variant?: 'default' | 'primary' | 'quiet' | 'danger';
  readonly size?: 'normal' | 'small';
}

const names = (variant: string, size: string, icon: boolean, extra: string | undefined): string =>
  ['button', `button--${variant}`, size === 'small' && 'button--small', icon && 'button--icon', extra].filter(Boolean).join(' ');

export function Button({ variant = 'default', size = 'normal', className, type = 'button', ...rest }: ButtonProps) {
  return <button type={type} className={names(variant, size, false, className)} {...rest} />;
}

interface IconButtonProps extends Omit<ButtonProps, 'aria-label' | 'title' | 'children'> {
  /** Its accessible name and tooltip. */
  readonly label: string;
  readonly shortcut?: string;
  readonly children: ReactNode;
}

export function IconButton({
  label,
  shortcut,
  variant = 'quiet',
  size = 'normal',
  className,
  type = 'button',
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip content={label} {...(shortcut === undefined ? {} : { shortcut })}>
      <button type={type} aria-label={label} className={names(variant, size, true, className)} {...rest} />
    </Tooltip>
  );
}
