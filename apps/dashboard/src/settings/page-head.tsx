import type { ReactNode } from 'react';
import { useTitle } from '../app/title.js';

export function PageHead({ title, children, text }: { title: string; children?: ReactNode; text: string }) {
  useTitle(title);
  return <><div className="page-head"><h1 className="page-title">{title}</h1><span className="grow" />{children}</div><p className="dim page-text">{text}</p></>;
}
