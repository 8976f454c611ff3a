import { useFormat, useT } from '@tashi/shared/i18n';
import { toast } from '@tashi/shared/ui';
import { useState } from 'react';
import { Modal } from '../../kit/Modal';
import { ProblemView } from '../../kit/ProblemView';
import { PersonSelect } from './PersonSelect';
import { approvalText } from './text';
import { useDelegate, useDelegations, useEndDelegation } from './useApprovals';

/** Who decides while I am away. */
export function Away({ onClose }: { onClose(): void }) {
  const t = useT(approvalText);
  const format = useFormat();
  const all = useDelegations();
  const add = useDelegate();
  const end = useEndDelegation();
  const [deputy, setDeputy] = useState<string | null>(null);
  const [from, setFrom] = useState('');
  const [until, setUntil] = useState('');
  const ready = deputy !== null && from !== '' && until !== '';
  const save = () => {
    if (!deputy) return;
    add.mutate({ deputy_id: deputy, from_at: new Date(from).toISOString(), until_at: new Date(until).toISOString() }, {
      onSuccess: () => {
        toast(t('awaySet'));
        setDeputy(null);
      },
    });
  };
  return (
    <Modal title={t('awayTitle')} onClose={onClose} foot={<><button type="button" className="btn" onClick={onClose}>{t('close')}</button><button type="button" className="btn pri" disabled={!ready || add.isPending} onClick={save}>{t('addAway')}</button></>}>
      <div className="stack publish">
        <p className="m2">{t('awayDetail')}</p>
        {all.error ? <ProblemView error={all.error} compact /> : null}
        {all.data?.length === 0 ? <p className="m3">{t('awayNone')}</p> : null}
        <ul className="away-list">
          {all.data?.map((one) => (
            <li key={one.id} className="row g6">
              <b>{one.deputy.name}</b><span className="m2 s12">{format.dateTime(one.from_at)} – {format.dateTime(one.until_at)}</span><span className="sp" />
              <button type="button" className="btn sm" disabled={end.isPending} onClick={() => end.mutate(one.id)}>{t('endAway')}</button>
            </li>
          ))}
        </ul>
        <div className="stack"><span className="s12 m2">{t('deputy')}</span><PersonSelect label={t('deputy')} value={deputy} onChange={setDeputy} /></div>
        <div className="form-2">
          <label className="stack"><span className="s12 m2">{t('from')}</span><input className="plain-input" type="datetime-local" value={from} onChange={(e) => setFrom(e.target.value)} /></label>
          <label className="stack"><span className="s12 m2">{t('until')}</span><input className="plain-input" type="datetime-local" value={until} min={from} onChange={(e) => setUntil(e.target.value)} /></label>
        </div>
        {add.error ? <ProblemView error={add.error} compact /> : null}
        {end.error ? <ProblemView error={end.error} compact /> : null}
      </div>
    </Modal>
  );
}
