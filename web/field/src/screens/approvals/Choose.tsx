import { useLiveQuery } from 'dexie-react-hooks';
import { useEffect, useState } from 'react';
import type { Colleague, Id, Ref } from '@tashi/shared/api';
import { useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { useField, useOnline } from '../../app/context.tsx';
import { client } from '../../app/session.ts';
import { chosenKept, keepChosen } from '../../work/record.ts';
import { approvalText } from './text.ts';
import './approvals.css';

/** Steps of the flow in use that leave it to whoever hands in who decides. */
function useSteps(kind: string, subject: Id | null) {
  const { snapshot } = useField();
  return (snapshot?.choices ?? []).find((one) => one.kind === kind && (subject === null || one.subject_id === subject))?.steps ?? [];
}

/**
 * Who decides, where the flow leaves that to the requester: asked before it is handed in. `place` is where the choice lies on
 * the phone until then. Without a network those of one's own department can be chosen; nobody chosen, the case comes back.
 */
export function Choose({ kind, subject = null, place }: { kind: string; subject?: Id | null; place: string }) {
  const t = useT(approvalText);
  const { owner, snapshot, session } = useField();
  const online = useOnline();
  const steps = useSteps(kind, subject);
  const kept = useLiveQuery(() => chosenKept(owner, place), [owner, place]);
  const [q, setQ] = useState('');
  const [found, setFound] = useState<Ref[]>([]);
  const near = snapshot?.colleagues ?? [];
  useEffect(() => {
    const words = q.trim();
    if (!words || !online) return setFound([]);
    let here = true;
    const wait = setTimeout(() => {
      client.get<{ items: Colleague[] }>('/approvals/colleagues', { query: { q: words } }).then((all) => here && setFound(all.items), () => here && setFound([]));
    }, 250);
    return () => { here = false; clearTimeout(wait); };
  }, [q, online]);
  if (steps.length === 0 || kept === undefined) return null;
  const known = [...near.filter((one) => !q.trim() || one.name.includes(q.trim())), ...found.filter((one) => near.every((n) => n.id !== one.id))].filter((one) => one.id !== session.me.employee.id);
  return (
    <section className="card mx choose" style={{ padding: 14, marginTop: 10 }} aria-label={t('chooseTitle')}>
      <h2 className="s16 w7">{t('chooseTitle')}</h2>
      <label className="fld"><span>{t(online ? 'chooseFind' : 'chooseNear')}</span><input type="search" value={q} maxLength={40} onChange={(e) => setQ(e.target.value)} /></label>
      {steps.map((step) => {
        const people = kept[step.node] ?? [];
        const set = (next: Ref[]) => void keepChosen(owner, place, { ...kept, [step.node]: next });
        const label = step.name || t('chooseStep');
        return (
          <div key={step.node} role="group" aria-label={label} style={{ paddingTop: 8 }}>
            <p className="m2 s14">{label}{step.most > 1 ? ` · ${t('chooseMost', { count: step.most })}` : ''}</p>
            <div className="opts">
              {people.map((one) => <button key={one.id} type="button" className="opt" aria-pressed="true" onClick={() => set(people.filter((p) => p.id !== one.id))}><Icon name="okCircle" size={20} weight={2} />{one.name}</button>)}
              {people.length < step.most ? known.filter((one) => people.every((p) => p.id !== one.id)).slice(0, 6).map((one) => <button key={one.id} type="button" className="opt" aria-pressed="false" onClick={() => set([...people, { id: one.id, name: one.name }])}><span className="dot" />{one.name}</button>) : null}
            </div>
            {people.length === 0 && known.length === 0 ? <p className="m3 s14">{t('chooseNobody')}</p> : null}
          </div>
        );
      })}
      <p className="m3 s14">{t('chooseHint')}</p>
    </section>
  );
}
