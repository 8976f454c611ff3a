import { Link, useParams, useSearch } from '@tanstack/react-router';
import { said } from '@tashi/shared/forms/said.ts';
import { useLanguage, useT } from '@tashi/shared/i18n';
import { Icon, SkeletonRows } from '@tashi/shared/ui';
import { useState } from 'react';
import { useCan } from '../../app/session';
import { ProblemView } from '../../kit/ProblemView';
import { useSearchPatch } from '../../kit/useSearchPatch';
import { Designer } from './Designer';
import { RecordsTab } from './RecordsTab';
import { FORM_TABS, type FormSearch } from './search';
import { designerText } from './text';
import { useForm } from './useForms';
import { VersionsTab } from './VersionsTab';
import { ExportXlsform } from './Xlsform';
import './designer.css';

/** One form: designed, its versions, what was filled in with it. */
export function FormScreen() {
  const t = useT(designerText);
  const language = useLanguage();
  const { id } = useParams({ from: '/shell/designer/forms/$id' });
  const search = useSearch({ from: '/shell/designer/forms/$id' });
  const patch = useSearchPatch<FormSearch>();
  const form = useForm(id);
  const maySee = useCan('visit.read');
  // The designer holds a draft of its own; it begins anew with what was loaded.
  const [loads, setLoads] = useState(0);
  // The head is here, what stands in it is the designer's.
  const [tools, setTools] = useState<HTMLElement | null>(null);
  const [exporting, setExporting] = useState(false);
  const tab = search.tab ?? 'design';
  if (form.error) return <div className="drawer-pad"><ProblemView error={form.error} onRetry={() => form.refetch()} /></div>;
  if (!form.data) return <SkeletonRows />;
  return (
    <div className="designer-page">
      <div className="bar designer-bar">
        <Link to="/designer/forms" className="icb" aria-label={t('back')} title={t('back')}><Icon name="left" /></Link>
        <h1 className="s14 w7 clip">{said(form.data.title, language) || form.data.key}</h1>
        <span className="tag">{form.data.published === null ? t('draftOnly') : t('published', { n: form.data.published })}</span>
        {form.data.retired ? <span className="tag">{t('retired')}</span> : null}
        <span className="seg designer-tabs" role="tablist" aria-label={t('title')}>
          {FORM_TABS.filter((one) => one !== 'records' || maySee).map((one) => (
            <button key={one} type="button" role="tab" aria-selected={tab === one} className={tab === one ? 'on' : ''} onClick={() => patch({ tab: one === 'design' ? undefined : one, record: undefined })}>{t(`tab.${one}`)}</button>
          ))}
        </span>
        <button type="button" className="icb" aria-label={t('xlsExport')} title={t('xlsExport')} onClick={() => setExporting(true)}><Icon name="download" /></button>
        <span className="sp designer-tools" ref={setTools} />
      </div>
      {tab === 'design' ? <Designer key={`${id} ${loads}`} form={form.data} tools={tools} onReload={() => void form.refetch().then(() => setLoads((n) => n + 1))} /> : null}
      {tab === 'versions' ? <VersionsTab form={form.data} /> : null}
      {tab === 'records' && maySee ? <RecordsTab form={form.data} /> : null}
      {exporting ? <ExportXlsform form={form.data} onClose={() => setExporting(false)} /> : null}
    </div>
  );
}
