import { useEffect, useRef, type ReactElement } from 'react';

/** Gives the list of a select its name: the component names its field, but not the list that opens below it. */
function NamedList({ label, children }: { label: string; children: ReactElement }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    box.current?.querySelector('[role=listbox]')?.setAttribute('aria-label', label);
  });
  return <div ref={box}>{children}</div>;
}

/** For `popupRender` of a select. */
export const namedList = (label: string) => (menu: ReactElement) => <NamedList label={label}>{menu}</NamedList>;
