import { api, type FormChange, type FormPage } from '@tashi/shared/api';
import type { FormSpec } from '@tashi/shared/forms/index.ts';
import { said } from '@tashi/shared/forms/said.ts';
import { useFormat, useLanguage, useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { useState } from 'react';
import { useCan } from '../../app/session';
import { ProblemView } from '../../kit/ProblemView';
import { CollectHelp } from './Collect';
import { designerText } from './text';
import { useDifference, usePatchForm } from './useForms';
import { useGoBack } from './useGoBack';

/** What was published when, what changed, and the way back. Fields of an object are retired with it, and ODK Collect asks for none. */
export function VersionsTab({ form, ofObject = false }: { form: FormPage; ofObject?: boolean }) {
  const t = useT(designerText);
  const format = useFormat();
  const canWrite = useCan('form.write');
  const patch = usePatchForm(form.id);
  const [open, setOpen] = useState<number | null>(form.published);
  const [helping, setHelping] = useState(false);
  const { problem, setProblem, goBack } = useGoBack(async (number) => {
    const old = await api.get<{ spec: FormSpec }>('/forms/{id}/versions/{number}', { params: { id: form.id, number: String(number) } });
    await patch.mutateAsync({ version: form.version, spec: old.spec });
  }, (n) => t('rolledBack', { n }));
  return (
    <main className="versions">
      {problem ? <ProblemView error={problem} compact /> : null}
      {canWrite && !ofObject ? (
        <p className="row g6">
          <button type="button" className="btn" disabled={patch.isPending} onClick={() => patch.mutate({ version: form.version, retired: !form.retired }, { onError: setProblem })}>{t(form.retired ? 'unretire' : 'retire')}</button>
          <span className="s12 m3">{t('retireHint')}</span>
        </p>
      ) : null}
      {ofObject ? null : (
        <p className="row g6">
          <label className="row g6">
            <input type="checkbox" checked={form.collect} disabled={!canWrite || patch.isPending} onChange={(e) => patch.mutate({ version: form.version, collect: e.target.checked }, { onError: setProblem, onSuccess: () => setProblem(null) })} />
            {t('collect')}
          </label>
          <button type="button" className="btn sm" onClick={() => setHelping(true)}>{t('collectHelp')}</button>
          <span className="s12 m3">{t('collectHint')}</span>
        </p>
      )}
      {helping ? <CollectHelp onClose={() => setHelping(false)} /> : null}
      {form.versions.length === 0 ? <div className="empty"><b>{t('draftOnly')}</b></div> : null}
      <ol className="version-list">
        {form.versions.map((one, k) => (
          <li key={one.number} className="card">
            <div className="hd row g6">
              <b>{t('published', { n: one.number })}</b>
              <span className="m2">{format.dateTime(one.published_at)} · {t('publishedBy', { name: one.published_by.name })}</span>
              <span className="sp" />
              <button type="button" className="btn sm" aria-expanded={open === one.number} onClick={() => setOpen(open === one.number ? null : one.number)}>{t('compareWith')}</button>
              {canWrite && k > 0 ? <button type="button" className="btn sm" title={t('rollbackHint', { n: one.number })} disabled={patch.isPending} onClick={() => goBack(one.number)}><Icon name="undo" size={14} />{t('rollback')}</button> : null}
            </div>
            {one.note ? <p className="version-note">{one.note}</p> : null}
            {open === one.number ? (
              <div className="version-changes">
                {k + 1 < form.versions.length ? <Difference id={form.id} from={form.versions[k + 1]!.number} to={one.number} /> : <p className="m3">{t('firstVersion')}</p>}
                {k === 0 && form.changed ? <><h3 className="s12 w7">{t('toDraft')}</h3><Difference id={form.id} from={one.number} to={null} /></> : null}
              </div>
            ) : null}
          </li>
        ))}
      </ol>
    </main>
  );
}

/** What was added, removed and changed, by the names of the questions. */
export function Difference({ id, from, to }: { id: string; from: number; to: number | null }) {
  const t = useT(designerText);
  const found = useDifference(id, from, to);
  if (found.error) return <ProblemView error={found.error} compact />;
  return (
    <>
      <p className="s12 m3">{t('changes', { n: from })}</p>
      {found.data?.length === 0 ? <p>{t('noChanges')}</p> : null}
      <ul className="changes">{found.data?.map((one) => <Change key={one.path + one.change} change={one} />)}</ul>
    </>
  );
}

function Change({ change }: { change: FormChange }) {
  const t = useT(designerText);
  const language = useLanguage();
  const word = { added: t('added'), removed: t('removed'), changed: t('changedWord') }[change.change];
  const tone = { added: 'fg-visit', removed: 'fg-problem', changed: 'fg-late' }[change.change];
  return (
    <li>
      <b className={tone}>{word}</b> {change.path === '' ? t('whole') : said(change.label, language)} <span className="mono m3 s12">{change.path}</span>
      {change.parts.length ? <span className="m3 s12"> {change.parts.join(', ')}</span> : null}
    </li>
  );
}
