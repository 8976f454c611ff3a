import { newId, type StepKind } from '@tashi/shared/api';
import { said } from '@tashi/shared/forms/said.ts';
import { commonText, useLanguage, useT } from '@tashi/shared/i18n';
import { Icon, type IconName } from '@tashi/shared/ui';
import { useForms } from '../designer/useForms';
import { stepProblem, type StepDraft } from './draft';
import { planningText } from './text';
import './steps.css';

const KINDS: StepKind[] = ['photo', 'choice', 'text', 'number', 'yes_no', 'form'];
export const STEP_ICON: Record<StepKind, IconName> = { photo: 'camera', choice: 'radio', text: 'text', number: 'hash', yes_no: 'check', form: 'file' };

/** Steps of this plan only, written in place. */
export function StepsEditor({ steps, onChange }: { steps: readonly StepDraft[]; onChange(next: StepDraft[]): void }) {
  const t = useT(planningText);
  const common = useT(commonText);
  const language = useLanguage();
  const forms = useForms(steps.some((one) => one.kind === 'form'));
  const add = (step: Partial<StepDraft>) =>
    onChange([...steps, { key: newId(), title: '', kind: 'photo', mandatory: true, min: 1, options: '', ...step }]);
  const change = (key: string, patch: Partial<StepDraft>) => onChange(steps.map((one) => (one.key === key ? { ...one, ...patch } : one)));
  return (
    <div className="steps-editor">
      <ol>
        {steps.map((step) => {
          const wrong = stepProblem(step);
          return (
            <li key={step.key}>
              <Icon name={STEP_ICON[step.kind]} size={16} className="m3" />
              <input
                className="plain-input"
                aria-label={t('stepTitle')}
                placeholder={t('stepTitle')}
                aria-invalid={wrong === 'title' || undefined}
                value={step.title}
                maxLength={40}
                onChange={(event) => change(step.key, { title: event.target.value })}
              />
              <select className="plain-input" aria-label={t('stepKind')} value={step.kind} onChange={(event) => change(step.key, { kind: event.target.value as StepKind })}>
                {KINDS.map((kind) => <option key={kind} value={kind}>{t(`kind.${kind}`)}</option>)}
              </select>
              <button type="button" className="icb small" aria-label={t('removeStep', { title: step.title || t(`kind.${step.kind}`) })} onClick={() => onChange(steps.filter((one) => one.key !== step.key))}>
                <Icon name="close" size={14} />
              </button>
              <div className="steps-more">
                <label className="row g4">
                  <input type="checkbox" checked={step.mandatory} onChange={() => change(step.key, { mandatory: !step.mandatory })} />
                  {t('mandatory')}
                </label>
                {step.kind === 'photo' ? (
                  <label className="row g4">
                    {t('minPhotosLabel')}
                    <input
                      className="plain-input steps-count"
                      type="number"
                      min={1}
                      max={9}
                      value={step.min ?? 1}
                      onChange={(event) => change(step.key, { min: Math.max(1, Math.min(9, Number(event.target.value) || 1)) })}
                    />
                  </label>
                ) : null}
                {step.kind === 'choice' ? (
                  <input
                    className="plain-input"
                    aria-label={t('options')}
                    placeholder={t('optionsPlaceholder')}
                    aria-invalid={wrong === 'options' || undefined}
                    value={step.options}
                    onChange={(event) => change(step.key, { options: event.target.value })}
                  />
                ) : null}
                {step.kind === 'form' ? (
                  <select
                    className="plain-input"
                    aria-label={t('stepForm')}
                    aria-invalid={wrong === 'form' || undefined}
                    value={step.form ?? ''}
                    onChange={(event) => {
                      const form = forms.data?.find((one) => one.id === event.target.value);
                      change(step.key, { form: form?.id ?? null, title: step.title || (form ? said(form.title, language) : '') });
                    }}
                  >
                    <option value="">{t('stepForm')}</option>
                    {forms.data?.filter((one) => one.published !== null && !one.retired).map((one) => <option key={one.id} value={one.id}>{said(one.title, language)}</option>)}
                  </select>
                ) : null}
                {wrong ? <span className="fg-problem">{t(wrong === 'title' ? 'titleBad' : wrong === 'form' ? 'formBad' : 'optionsBad')}</span> : null}
              </div>
            </li>
          );
        })}
      </ol>
      <div className="row steps-add">
        <button type="button" className="btn sm" onClick={() => add({ title: t('preset.front'), kind: 'photo', min: 1 })}>
          <Icon name="camera" size={14} />{t('preset.front')}
        </button>
        <button type="button" className="btn sm" onClick={() => add({ title: t('preset.intent'), kind: 'choice', options: t('preset.intentOptions') })}>
          <Icon name="radio" size={14} />{t('preset.intent')}
        </button>
        <button type="button" className="btn sm ghost" aria-label={`${common('add')}: ${t('addStep')}`} onClick={() => add({})}>
          <Icon name="plus" size={14} />{t('addStep')}
        </button>
      </div>
    </div>
  );
}
