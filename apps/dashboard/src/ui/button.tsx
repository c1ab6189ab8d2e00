import type { ButtonHTMLAttributes, ReactNode } from 'react';
import { Icon, type IconName } from './icon.js';

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> { kind?: 'plain' | 'primary' | 'quiet' | 'danger'; icon?: IconName; busy?: boolean; shortcut?: string; ref?: React.Ref<HTMLButtonElement> }

export function Button({ kind = 'plain', icon, busy, shortcut, children, className = '', disabled, type = 'button', ...rest }: ButtonProps) {
  return (
    <button {...rest} type={type} className={`button ${kind} ${className}`} disabled={disabled} aria-disabled={busy || undefined} onClick={busy ? (event) => event.preventDefault() : rest.onClick}>
      {icon && <Icon name={icon} />}
      <span>{children}</span>
      {shortcut && <Kbd>{shortcut}</Kbd>}
    </button>
  );
}

/** A button that is only a drawing; `label` is its name. */
export function IconButton({ icon, label, className = '', type = 'button', ...rest }: ButtonHTMLAttributes<HTMLButtonElement> & { icon: IconName; label: string; ref?: React.Ref<HTMLButtonElement> }) {
  return <button {...rest} type={type} className={`icon-button ${className}`} aria-label={label} title={label}><Icon name={icon} /></button>;
}

export const Kbd = ({ children }: { children: ReactNode }) => <kbd className="kbd" aria-hidden="true">{children}</kbd>;
