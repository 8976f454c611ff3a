import type { ReactNode } from 'react';

/** A titled part of a form or a drawer. */
export function Section({ title, detail, action, children }: { title: ReactNode; detail?: ReactNode; action?: ReactNode; children: ReactNode }) {
  return (
    <section className="section">
      <header className="row">
        <h3 className="s14 w7">{title}</h3>
        {action ? <span className="end">{action}</span> : null}
      </header>
      {detail ? <p className="m3 s12">{detail}</p> : null}
      {children}
    </section>
  );
}
