import { useQueryClient } from '@tanstack/react-query';
import { newId, toProblem, type Step, type TaskTemplate } from '@tashi/shared/api';
import { commonText, useLanguage, useT } from '@tashi/shared/i18n';
import { Icon, toast } from '@tashi/shared/ui';
import { Input, InputNumber, Select } from 'antd';
import { useEffect, useState } from 'react';
import { EntityDrawer } from '../../kit/EntityDrawer';
import { ProblemView } from '../../kit/ProblemView';
import { kitText } from '../../kit/text';
import { stepDrafts } from '../planning/draft';
import { StepsEditor } from '../planning/StepsEditor';
import { differs, draftOf, gapsOf, MAX_STAY_MIN, MAX_STEPS, stepFaults, TEMPLATE_KINDS, templateBody, type TemplateDraft } from './template';
import { designerText } from './text';
import { templatesQuery, useSaveTemplate } from './useTemplates';

/** Steps to begin writing with, and what to say of them. */
export interface Suggested {
  words: string;
  steps: Step[];
  /** Not among them, and may be put back. */
  left?: { step: Step; words: string }[];
  name?: string;
  kind?: TaskTemplate['kind'];
  min_stay_s?: number | null;
}

function begun(template: TaskTemplate | null, suggested: Suggested | undefined): TemplateDraft {
  const draft = draftOf(template);
  if (!suggested) return draft;
  const own = template ? {} : { name: suggested.name ?? '', kind: suggested.kind ?? draft.kind, stay: suggested.min_stay_s == null ? null : suggested.min_stay_s / 60 };
  return { ...draft, ...own, steps: stepDrafts(suggested.steps) };
}

/** Makes or changes one template. `template` is the newest that is known of it; none makes a new one. */
export function TemplateDrawer({ template, suggested, onClose }: { template: TaskTemplate | null; suggested?: Suggested; onClose(): void }) {
  const t = useT(designerText);
  const language = useLanguage();
  const kit = useT(kitText);
  const common = useT(commonText);
  const client = useQueryClient();
  // What was read when writing began: a list that is fetched anew must not take away what is being typed.
  const [read, setRead] = useState(template);
  const [draft, setDraft] = useState<TemplateDraft>(() => begun(template, suggested));
  const [id] = useState(newId);
  const save = useSaveTemplate(read);

  const changed = differs(draft, draftOf(read));
  const begin = (newest: TaskTemplate) => {
    setRead(newest);
    setDraft(draftOf(newest));
    save.reset();
  };
  const newer = !!template && !!read && template.version > read.version && !save.isPending && !save.isSuccess;
  // Nothing is lost as long as nothing was typed.
  useEffect(() => {
    if (newer && !changed && template) begin(template);
  });

  const reload = async () => {
    const all = await client.fetchQuery({ ...templatesQuery, staleTime: 0 });
    const newest = all.find((one) => one.id === read?.id);
    if (newest) begin(newest);
    else onClose();
  };
  const problem = save.error ? toProblem(save.error) : null;
  const stale = (newer && changed) || problem?.code === 'version.conflict';
  const faults = stepFaults(problem?.fields ?? [], draft.steps);
  const shownAtSteps = !!problem?.fields.length && problem.fields.every((one) => one.field.startsWith('steps['));

  const gaps = gapsOf(draft);
  const full = draft.steps.length > MAX_STEPS;
  const change = (patch: Partial<TemplateDraft>) => setDraft({ ...draft, ...patch });
  const done = (words: string) => {
    toast(words);
    onClose();
  };
  const keep = () => save.mutate(read ? templateBody(draft) : { id, ...templateBody(draft) }, {
    onSuccess: (saved) => done(t(read ? 'templateSaved' : 'templateMade', { name: saved.name })),
  });
  const setActive = (active: boolean) => save.mutate({ active }, {
    onSuccess: (saved) => done(t(active ? 'templateBack' : 'templateRetired', { name: saved.name })),
  });

  return (
    <EntityDrawer
      title={read ? t('templateEdit', { name: read.name }) : t('templateNew')}
      width={600}
      link={read ? `/designer/templates?template=${read.id}` : undefined}
      onClose={onClose}
      dirty={changed && !save.isPending && !save.isSuccess}
      foot={
        <>
          <button type="button" className="btn pri" disabled={!changed || gaps.length > 0 || full || stale || save.isPending} onClick={keep}>{save.isPending ? t('saving') : read ? common('save') : t('templateNew')}</button>
          <button type="button" className="btn" onClick={onClose}>{common('cancel')}</button>
          {gaps.length && changed ? <span className="m3 s12">{t('cannotSave', { what: gaps.map((one) => t(`gap.${one}`)).join(t('joiner')) })}</span>
            : full ? <span className="fg-problem s12">{t('tooManySteps', { count: MAX_STEPS })}</span>
            : changed ? <span className="m3 s12">{common('unsaved')}</span> : null}
          {read ? (
            <button type="button" className="btn end" disabled={changed || stale || save.isPending} title={changed ? t('saveFirst') : t('templateRetireHint')} onClick={() => setActive(!read.active)}>
              {t(read.active ? 'retire' : 'unretire')}
            </button>
          ) : null}
        </>
      }
    >
      <div className="drawer-pad template-form">
        {stale ? (
          <div className="problem-view compact" role="alert">
            <Icon name="warn" size={16} className="fg-problem" />
            <div className="problem-words">
              <b>{kit('conflict.title')}</b>
              <p>{kit('conflict.detail')}</p>
              <div><button type="button" className="btn sm" onClick={() => void reload()}><Icon name="sync" size={14} />{kit('conflict.reload')}</button></div>
            </div>
          </div>
        ) : problem && !shownAtSteps ? <ProblemView error={save.error} compact /> : null}
        {suggested ? <p className="template-hint" role="note"><Icon name="info" size={16} />{suggested.words}</p> : null}
        <label className="stack">
          <span className="s12 m2">{t('name')}</span>
          <Input value={draft.name} maxLength={60} autoFocus={!read} onChange={(event) => change({ name: event.target.value })} />
        </label>
        <div className="form-2">
          <div className="stack">
            <span className="s12 m2">{t('templateKind')}</span>
            <Select aria-label={t('templateKind')} value={draft.kind} options={TEMPLATE_KINDS.map((kind) => ({ value: kind, label: t(`template.${kind}`) }))} onChange={(kind) => change({ kind })} />
          </div>
          <label className="stack">
            <span className="s12 m2">{t('stay')}</span>
            <InputNumber value={draft.stay} min={0} max={MAX_STAY_MIN} suffix={t('stayMinutes')} style={{ width: '100%' }} onChange={(stay) => change({ stay })} />
            <span className="s12 m3">{t('stayHint')}</span>
          </label>
        </div>
        <section aria-label={t('templateSteps')} className="stack template-part">
          <h3 className="s14 w7">{t('templateSteps')}</h3>
          <p className="s12 m3">{t('templateStepsHint')}</p>
          <StepsEditor full steps={draft.steps} faults={faults} onChange={(steps) => change({ steps })} />
          {suggested?.left?.some((one) => !draft.steps.some((step) => step.id === one.step.id)) ? (
            <p className="template-left s12">
              <span className="m3">{t('templateLeft')}</span>
              {suggested.left.filter((one) => !draft.steps.some((step) => step.id === one.step.id)).map((one) => (
                <button key={one.step.id} type="button" className="btn sm ghost" aria-label={t('templatePutBack', { title: (language === 'en' && one.step.title_en) || one.step.title })} onClick={() => change({ steps: [...draft.steps, ...stepDrafts([one.step])] })}><Icon name="plus" size={13} />{one.words}</button>
              ))}
            </p>
          ) : null}
        </section>
      </div>
    </EntityDrawer>
  );
}
