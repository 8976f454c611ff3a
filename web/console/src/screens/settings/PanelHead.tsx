import type { ReactNode } from 'react';

/** Title of a settings part, what it is for, and its one action. */
export function PanelHead({ title, intro, action }: { title: string; intro?: ReactNode; action?: ReactNode }) {
  return (
    <header className="panel-head">
      <div>
        <h2>{title}</h2>
        {intro ? <p>{intro}</p> : null}
      </div>
      {action}
    </header>
  );
}
