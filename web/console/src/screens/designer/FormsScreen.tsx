import { useNavigate } from '@tanstack/react-router';
import { toProblem, type FormLine } from '@tashi/shared/api';
import type { FormSpec } from '@tashi/shared/forms/index.ts';
import { said } from '@tashi/shared/forms/said.ts';
import { commonText, useFormat, useLanguage, useT } from '@tashi/shared/i18n';
import { Ago, Icon, SkeletonRows } from '@tashi/shared/ui';
import { useState } from 'react';
import { useCan } from '../../app/session';
import { Modal } from '../../kit/Modal';
import { ProblemView } from '../../kit/ProblemView';
import { DesignerSections } from './DesignerSections';
import { designerText } from './text';
import { useCreateForm, useForms, useLibrary } from './useForms';
import { ImportXlsform } from './Xlsform';
import './designer.css';

/** All forms of the company: which are in use, which wait for publishing. */
export function FormsScreen() {
  const t = useT(designerText);
  const canWrite = useCan('form.write');
  const forms = useForms();
  const [making, setMaking] = useState(false);
  const [importing, setImporting] = useState(false);
  const taken = new Set(forms.data?.map((one) => one.key));
  return (
    <div className="forms-page">
      <div className="bar">
        <DesignerSections />
        <span className="sp" />
        {canWrite ? <button type="button" className="btn" onClick={() => setImporting(true)}><Icon name="upload" size={15} />{t('xlsImport')}</button> : null}
        {canWrite ? <button type="button" className="btn pri" onClick={() => setMaking(true)}><Icon name="plus" size={15} />{t('create')}</button> : null}
      </div>
      <main className="forms-list">
        {forms.error ? <ProblemView error={forms.error} onRetry={() => forms.refetch()} /> : null}
        {forms.isPending ? <SkeletonRows /> : null}
        {forms.data?.length === 0 ? (
          <div className="empty">
            <b>{t('empty')}</b>
            <p>{t('emptyDetail')}</p>
            {canWrite ? <button type="button" className="btn pri" onClick={() => setMaking(true)}>{t('fromLibrary')}</button> : null}
          </div>
        ) : null}
        <ul className="form-cards">{forms.data?.map((form) => <FormCard key={form.id} form={form} />)}</ul>
      </main>
      {making ? <CreateForm taken={taken} onClose={() => setMaking(false)} /> : null}
      {importing ? <ImportXlsform taken={taken} onClose={() => setImporting(false)} /> : null}
    </div>
  );
}

function FormCard({ form }: { form: FormLine }) {
  const t = useT(designerText);
  const language = useLanguage();
  const format = useFormat();
  const navigate = useNavigate();
  return (
    <li>
      <button type="button" className="form-card" onClick={() => void navigate({ to: '/designer/forms/$id', params: { id: form.id } })}>
        <span className="row g6">
          <Icon name="file" size={18} className="fg-accent" />
          <b className="clip sp">{said(form.title, language) || form.key}</b>
          {form.published === null ? <span className="tag">{t('draftOnly')}</span> : <span className="tag">{t('published', { n: form.published })}</span>}
        </span>
        <span className="s12 m3 row g6"><span className="mono">{form.key}</span><span>{t('fields', { count: form.fields })}</span></span>
        <span className="s12 row g6">
          {form.retired ? <span className="fg-late">{t('retired')}</span> : form.changed && form.published !== null ? <span className="fg-late">{t('changed')}</span> : null}
          <span className="end m2">{form.records ? <>{t('records')} {format.number(form.records)} · <Ago at={form.last_record_at} /></> : t('recordsNone')}</span>
        </span>
      </button>
    </li>
  );
}

const BLANK: FormSpec = { title: {}, fields: [] };

function CreateForm({ taken, onClose }: { taken: ReadonlySet<string>; onClose(): void }) {
  const t = useT(designerText);
  const common = useT(commonText);
  const language = useLanguage();
  const navigate = useNavigate();
  const library = useLibrary(true);
  const create = useCreateForm();
  const [from, setFrom] = useState<string | null>(null);
  const [name, setName] = useState('');
  const [key, setKey] = useState('');
  const chosen = library.data?.find((one) => one.key === from)?.spec ?? BLANK;
  const choose = (next: string | null) => {
    setFrom(next);
    const spec = library.data?.find((one) => one.key === next)?.spec;
    setName(said(spec?.title, language));
    let free = next ?? 'form';
    for (let n = 2; taken.has(free); n += 1) free = `${next ?? 'form'}_${n}`;
    setKey(free);
  };
  const fault = create.error ? toProblem(create.error).fields.find((one) => one.field === 'key') : undefined;
  const make = () => {
    const title = { ...chosen.title, [language === 'en' ? 'en' : 'zh-CN']: name.trim() };
    create.mutate({ key, spec: { ...chosen, title } }, { onSuccess: (page) => void navigate({ to: '/designer/forms/$id', params: { id: page.id } }) });
  };
  return (
    <Modal
      title={t('create')}
      width={640}
      onClose={onClose}
      foot={
        <>
          <button type="button" className="btn" onClick={onClose}>{common('cancel')}</button>
          <button type="button" className="btn pri" disabled={!name.trim() || !key || create.isPending} onClick={make}>{t('make')}</button>
        </>
      }
    >
      <div className="library" role="radiogroup" aria-label={t('fromLibrary')}>
        {[null, ...(library.data ?? []).map((one) => one.key)].map((one) => {
          const spec = library.data?.find((form) => form.key === one)?.spec;
          return (
            <button key={one ?? ''} type="button" role="radio" aria-checked={from === one && key !== ''} className="library-one" onClick={() => choose(one)}>
              <Icon name={one ? 'file' : 'plus'} size={18} />
              <b>{spec ? said(spec.title, language) : t('blank')}</b>
              <span className="s12 m3 clip">{spec ? spec.fields.slice(0, 4).map((f) => said(f.label, language)).join('·') : ''}</span>
            </button>
          );
        })}
      </div>
      {library.error ? <ProblemView error={library.error} compact /> : null}
      <div className="form-2 library-name">
        <label className="stack"><span className="s12 m2">{t('name')}</span><input className="plain-input" value={name} maxLength={80} onChange={(e) => setName(e.target.value)} /></label>
        <label className="stack">
          <span className="s12 m2">{t('key')}</span>
          <input className="plain-input mono" value={key} maxLength={40} aria-invalid={fault ? true : undefined} onChange={(e) => setKey(e.target.value)} />
          <span className={`s12 ${fault ? 'fg-problem' : 'm3'}`}>{fault?.message ?? t('keyHint')}</span>
        </label>
      </div>
      {create.error && !fault ? <ProblemView error={create.error} compact /> : null}
    </Modal>
  );
}
