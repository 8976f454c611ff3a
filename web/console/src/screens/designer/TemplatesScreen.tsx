import { useSearch } from '@tanstack/react-router';
import type { Step, TaskTemplate } from '@tashi/shared/api';
import { said } from '@tashi/shared/forms/said.ts';
import { useFormat, useLanguage, useT } from '@tashi/shared/i18n';
import { Icon, SkeletonRows } from '@tashi/shared/ui';
import { useMemo, useState } from 'react';
import { useCan } from '../../app/session';
import { ProblemView } from '../../kit/ProblemView';
import { useSearchPatch } from '../../kit/useSearchPatch';
import { STEP_ICON } from '../planning/StepsEditor';
import { planningText } from '../planning/text';
import { DesignerSections } from './DesignerSections';
import type { TemplatesSearch } from './search';
import { ReadyTemplates } from './ReadyTemplates';
import { TemplateDrawer, type Suggested } from './TemplateDrawer';
import { designerText } from './text';
import { useForms } from './useForms';
import { useAllTemplates } from './useTemplates';
import './designer.css';

/** The templates of visits: what is to be done on site, in which order, and what must be shown for it. */
export function TemplatesScreen() {
  const t = useT(designerText);
  const canWrite = useCan('task.write');
  const search = useSearch({ from: '/shell/designer/templates' });
  const patch = useSearchPatch<TemplatesSearch>();
  const templates = useAllTemplates();
  // Those in use first; within them the order of the server.
  const shown = useMemo(() => [...(templates.data ?? [])].sort((a, b) => Number(b.active) - Number(a.active)), [templates.data]);
  const [ready, setReady] = useState(false);
  const [begun, setBegun] = useState<Suggested | undefined>();
  const open = (template: string | undefined) => {
    setBegun(undefined);
    patch({ template });
  };
  const opened = templates.data?.find((one) => one.id === search.template) ?? null;
  const writing = canWrite && (search.template === 'new' || !!opened);
  return (
    <div className={`forms-page templates-page${writing ? ' writing' : ''}`}>
      <div className="bar">
        <DesignerSections />
        <span className="sp" />
        {canWrite ? <button type="button" className="btn" onClick={() => { open(undefined); setReady(true); }}>{t('ready')}</button> : null}
        {canWrite ? <button type="button" className="btn pri" onClick={() => { setReady(false); open('new'); }}><Icon name="plus" size={15} />{t('templateNew')}</button> : null}
      </div>
      <main className="forms-list">
        {templates.error ? <ProblemView error={templates.error} onRetry={() => templates.refetch()} /> : null}
        {templates.isPending ? <SkeletonRows /> : null}
        {shown.length ? <p className="m2 templates-intro">{t('templatesIntro')}</p> : null}
        {shown.length && !canWrite ? <p className="m2 s12 row g6 templates-intro"><Icon name="lock" size={14} />{t('templateReadOnly')}</p> : null}
        {templates.data?.length === 0 ? (
          <div className="empty">
            <b>{t('templatesEmpty')}</b>
            <p>{t('templatesIntro')}</p>
            <p>{t('templatesEmptyDetail')}</p>
            {canWrite ? <button type="button" className="btn pri" onClick={() => open('new')}>{t('templateNew')}</button> : null}
          </div>
        ) : null}
        {search.template && search.template !== 'new' && templates.isSuccess && !opened ? <p className="fg-problem templates-intro" role="alert">{t('templateGone')}</p> : null}
        <ul className="form-cards template-cards">
          {shown.map((one) => <TemplateCard key={one.id} template={one} on={one.id === opened?.id} onOpen={canWrite ? () => open(one.id) : undefined} />)}
        </ul>
      </main>
      {writing ? <TemplateDrawer key={`${search.template} ${begun?.name ?? ''}`} template={opened} suggested={opened ? undefined : begun} onClose={() => open(undefined)} />
        : ready && canWrite ? <ReadyTemplates onClose={() => setReady(false)} onTake={(one) => { setReady(false); patch({ template: 'new' }); setBegun(one); }} /> : null}
    </div>
  );
}

function TemplateCard({ template, on, onOpen }: { template: TaskTemplate; on: boolean; onOpen: (() => void) | undefined }) {
  const t = useT(designerText);
  const format = useFormat();
  return (
    <li className={`template-card${on ? ' on' : ''}${template.active ? '' : ' retired'}`}>
      <header className="row g6">
        <h2 className="s14 w7 clip">{template.name}</h2>
        <span className="tag">{t(`template.${template.kind}`)}</span>
        {template.active ? null : <span className="tag line">{t('retired')}</span>}
        <span className="sp" />
        {onOpen ? <button type="button" className="icb small" aria-label={t('editOne', { name: template.name })} title={t('editOne', { name: template.name })} onClick={onOpen}><Icon name="edit" size={15} /></button> : null}
      </header>
      <p className="s12 m3">
        {t('stepCount', { count: template.steps.length })}
        {template.min_stay_s ? ` · ${t('stayShown', { minutes: format.number(Math.round(template.min_stay_s / 6) / 10) })}` : ''}
      </p>
      <ol className="template-steps">{template.steps.map((step) => <StepLine key={step.id} step={step} />)}</ol>
    </li>
  );
}

/** One step and what it asks for. */
function StepLine({ step }: { step: Step }) {
  const t = useT(planningText);
  const own = useT(designerText);
  const format = useFormat();
  const language = useLanguage();
  const forms = useForms(step.kind === 'form');
  const form = forms.data?.find((one) => one.id === step.form_id);
  const title = (language === 'en' && step.title_en) || step.title;
  const asked = step.kind === 'photo' ? t('minPhotos', { count: step.min ?? 1 })
    : step.kind === 'choice' && step.options ? step.options.join('·')
    : step.kind === 'form' && form ? (said(form.title, language) === title ? t('kind.form') : own('formOf', { name: said(form.title, language) }))
    : step.kind === 'number' ? [t('kind.number'), range(step)].filter(Boolean).join(' ')
    : t(`kind.${step.kind}`);
  return (
    <li>
      <Icon name={STEP_ICON[step.kind]} size={15} className={step.kind === 'form' ? 'fg-accent' : 'm3'} />
      <span className="template-step">
        <span>{title}</span>
        {step.hint ? <span className="s12 m3">{step.hint}</span> : null}
      </span>
      <span className="s12 m2 template-asked">{asked}{step.limit_s ? <span className="m3"> {own('limitShown', { duration: format.duration(step.limit_s) })}</span> : null}</span>
      <span className={`s12 nw ${step.mandatory ? 'w5' : 'm3'}`}>{t(step.mandatory ? 'mandatory' : 'optional')}</span>
    </li>
  );
}

/** Limits of a number as they are written everywhere. */
function range({ min, max }: Step): string {
  if (min !== null && max !== null) return `${min} ~ ${max}`;
  return min !== null ? `≥ ${min}` : max !== null ? `≤ ${max}` : '';
}
