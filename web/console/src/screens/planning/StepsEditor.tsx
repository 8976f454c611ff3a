import { closestCenter, DndContext, KeyboardSensor, PointerSensor, useSensor, useSensors, type DragEndEvent } from '@dnd-kit/core';
import { SortableContext, sortableKeyboardCoordinates, useSortable, verticalListSortingStrategy } from '@dnd-kit/sortable';
import { Link } from '@tanstack/react-router';
import { newId, type FormLine, type StepKind, type StepProof } from '@tashi/shared/api';
import { said } from '@tashi/shared/forms/said.ts';
import { commonText, useLanguage, useT } from '@tashi/shared/i18n';
import { Icon, type IconName } from '@tashi/shared/ui';
import { useState } from 'react';
import { useForms } from '../designer/useForms';
import { useShelf } from '../knowledge/useKnowledge';
import { kindChanged, moved, stepProblem, type StepDraft } from './draft';
import { planningText } from './text';
import './steps.css';

const KINDS: StepKind[] = ['photo', 'choice', 'text', 'number', 'yes_no', 'form', 'confirm'];
export const STEP_ICON: Record<StepKind, IconName> = { photo: 'camera', choice: 'radio', text: 'text', number: 'hash', yes_no: 'check', form: 'file', confirm: 'shield' };
const PROOFS: readonly StepProof[] = ['place', 'code', 'passkey', 'photo', 'group_photo', 'audio', 'signature'];
export const PROOF_ICON: Record<StepProof, IconName> = { place: 'locate', photo: 'camera', signature: 'signature', audio: 'mic', code: 'scan', group_photo: 'users', passkey: 'fingerprint' };
const WRONG = { title: 'titleBad', options: 'optionsBad', form: 'formBad', proofs: 'proofsBad', limits: 'limitsBad' } as const;

/** Steps of a plan or of a template, written in place; their order is changed with the mouse or, with space and arrows, by keyboard. */
export function StepsEditor({ steps, onChange, full, faults }: {
  steps: readonly StepDraft[];
  onChange(next: StepDraft[]): void;
  /** Offers instructions, English names and limits too. */
  full?: boolean;
  /** What the server refused, by the key of the step. */
  faults?: Readonly<Record<string, string>>;
}) {
  const t = useT(planningText);
  const common = useT(commonText);
  const forms = useForms(steps.some((one) => one.kind === 'form'));
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  const add = (step: Partial<StepDraft>) =>
    onChange([...steps, { key: newId(), title: '', kind: 'photo', mandatory: true, min: 1, options: '', ...step }]);
  const ended = ({ active, over }: DragEndEvent) => {
    if (!over || active.id === over.id) return;
    onChange(moved(steps, steps.findIndex((one) => one.key === active.id), steps.findIndex((one) => one.key === over.id)));
  };
  return (
    <div className="steps-editor">
      <DndContext sensors={sensors} collisionDetection={closestCenter} onDragEnd={ended} accessibility={{ screenReaderInstructions: { draggable: t('dragHelp') } }}>
        <SortableContext items={steps.map((one) => one.key)} strategy={verticalListSortingStrategy}>
          <ol>
            {steps.map((step) => (
              <StepRow
                key={step.key}
                step={step}
                full={full}
                fault={faults?.[step.key]}
                forms={forms.data}
                onChange={(patch) => onChange(steps.map((one) => (one.key === step.key ? { ...one, ...patch } : one)))}
                onRemove={() => onChange(steps.filter((one) => one.key !== step.key))}
              />
            ))}
          </ol>
        </SortableContext>
      </DndContext>
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

function StepRow({ step, full, fault, forms, onChange, onRemove }: {
  step: StepDraft;
  full: boolean | undefined;
  fault: string | undefined;
  forms: readonly FormLine[] | undefined;
  onChange(patch: Partial<StepDraft>): void;
  onRemove(): void;
}) {
  const t = useT(planningText);
  const [open, setOpen] = useState(false);
  const { attributes, listeners, setNodeRef, setActivatorNodeRef, transform, transition, isDragging } = useSortable({ id: step.key });
  const wrong = stepProblem(step);
  const name = step.title || t(`kind.${step.kind}`);
  return (
    <li ref={setNodeRef} className={`${full ? 'full' : ''}${isDragging ? ' dragging' : ''}`} style={{ transform: transform ? `translateY(${transform.y}px)` : undefined, transition }}>
      <button type="button" ref={setActivatorNodeRef} className="icb tiny steps-grip" aria-label={t('dragStep', { title: name })} {...attributes} {...listeners}><Icon name="grip" size={14} /></button>
      <Icon name={STEP_ICON[step.kind]} size={16} className="m3" />
      <input
        className="plain-input"
        aria-label={t('stepTitle')}
        placeholder={t('stepTitle')}
        aria-invalid={wrong === 'title' || undefined}
        value={step.title}
        maxLength={80}
        onChange={(event) => onChange({ title: event.target.value })}
      />
      <select className="plain-input" aria-label={t('stepKind')} value={step.kind} onChange={(event) => onChange(kindChanged(event.target.value as StepKind))}>
        {KINDS.map((kind) => <option key={kind} value={kind}>{t(`kind.${kind}`)}</option>)}
      </select>
      {full ? (
        <button type="button" className="icb small" aria-expanded={open} aria-label={t('stepMore', { title: name })} title={t('stepMore', { title: name })} onClick={() => setOpen(!open)}>
          <Icon name={open ? 'up' : 'down'} size={14} />
        </button>
      ) : null}
      <button type="button" className="icb small" aria-label={t('removeStep', { title: name })} onClick={onRemove}>
        <Icon name="close" size={14} />
      </button>
      <div className="steps-more">
        <label className="row g4">
          <input type="checkbox" checked={step.mandatory} onChange={() => onChange({ mandatory: !step.mandatory })} />
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
              onChange={(event) => onChange({ min: Math.max(1, Math.min(9, Number(event.target.value) || 1)) })}
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
            onChange={(event) => onChange({ options: event.target.value })}
          />
        ) : null}
        {open || step.proofs?.length || step.kind === 'confirm' ? <ProofSelect step={step} onChange={onChange} /> : null}
        {step.kind === 'form' ? <FormSelect step={step} forms={forms} wrong={wrong === 'form'} onChange={onChange} /> : null}
        {full && (open || step.guide) ? <GuideSelect step={step} onChange={onChange} /> : null}
        {full && open ? <StepDetail step={step} onChange={onChange} /> : full && step.hint ? <span className="m3 clip steps-hint">{step.hint}</span> : null}
        {wrong ? <span className="fg-problem">{t(WRONG[wrong])}</span> : fault ? <span className="fg-problem" role="alert">{fault}</span> : null}
      </div>
    </li>
  );
}

/** What proves the step beside its answer: the phone asks for it in the order of choosing. */
function ProofSelect({ step, onChange }: { step: StepDraft; onChange(patch: Partial<StepDraft>): void }) {
  const t = useT(planningText);
  const chosen = step.proofs ?? [];
  const press = (proof: StepProof) => onChange({ proofs: chosen.includes(proof) ? chosen.filter((one) => one !== proof) : [...chosen, proof] });
  return (
    <div className="steps-proofs" role="group" aria-label={t('proofs')}>
      <span className="m3">{t('proofs')}</span>
      {PROOFS.map((proof) => {
        const at = chosen.indexOf(proof);
        return (
          <button type="button" key={proof} className={`chip${at >= 0 ? ' on' : ''}`} aria-pressed={at >= 0} onClick={() => press(proof)}>
            <Icon name={PROOF_ICON[proof]} size={13} />{t(`proof.${proof}`)}{at >= 0 && chosen.length > 1 ? <b>{at + 1}</b> : null}
          </button>
        );
      })}
      {chosen.includes('audio') ? (
        <label className="row g4">
          {t('audioMax')}
          <input className="plain-input steps-count" type="number" min={1} max={30} value={Math.round((step.audioMaxS ?? 300) / 60)} onChange={(event) => onChange({ audioMaxS: Math.max(1, Math.min(30, Number(event.target.value) || 5)) * 60 })} />
        </label>
      ) : null}
      {chosen.includes('code') ? <span className="m3">{t('codeHint')}</span> : null}
    </div>
  );
}

/** Published forms; one that was retired since stays where it is used. */
function FormSelect({ step, forms, wrong, onChange }: { step: StepDraft; forms: readonly FormLine[] | undefined; wrong: boolean; onChange(patch: Partial<StepDraft>): void }) {
  const t = useT(planningText);
  const language = useLanguage();
  const usable = forms?.filter((one) => (one.published !== null && !one.retired) || one.id === step.form);
  if (usable?.length === 0) return <span>{t('noForms')} <Link to="/designer/forms" className="btn link s12">{t('toForms')}</Link></span>;
  return (
    <select
      className="plain-input"
      aria-label={t('stepForm')}
      aria-invalid={wrong || undefined}
      value={step.form ?? ''}
      onChange={(event) => {
        const form = usable?.find((one) => one.id === event.target.value);
        onChange({ form: form?.id ?? null, title: step.title || (form ? said(form.title, language) : ''), titleEn: step.titleEn || form?.title.en });
      }}
    >
      <option value="">{t('stepForm')}</option>
      {usable?.map((one) => <option key={one.id} value={one.id}>{said(one.title, language)}</option>)}
    </select>
  );
}

/** A published article as the guide of the step; one that is not to be read any more stays where it is used. */
function GuideSelect({ step, onChange }: { step: StepDraft; onChange(patch: Partial<StepDraft>): void }) {
  const t = useT(planningText);
  const shelf = useShelf();
  const items = shelf.data?.items ?? [];
  const gone = step.guide && shelf.data && !items.some((one) => one.id === step.guide);
  return (
    <span className="row g12 steps-guide">
      <label className="row g4">
        <Icon name="book" size={14} className="m3" />
        <select className="plain-input" aria-label={t('stepGuide')} value={step.guide ?? ''} onChange={(event) => onChange({ guide: event.target.value || null })}>
          <option value="">{t('noGuide')}</option>
          {gone ? <option value={step.guide ?? ''}>{t('guideKept')}</option> : null}
          {items.map((one) => <option key={one.id} value={one.id}>{one.title}</option>)}
        </select>
      </label>
      {step.guide ? <label className="row g4"><input type="checkbox" checked={!!step.guideRequired} onChange={() => onChange({ guideRequired: !step.guideRequired })} />{t('guideRequired')}</label> : null}
    </span>
  );
}

function StepDetail({ step, onChange }: { step: StepDraft; onChange(patch: Partial<StepDraft>): void }) {
  const t = useT(planningText);
  const limit = (label: string, value: number | null | undefined, set: (next: number | null) => void, range: { min?: number; max?: number } = {}) => (
    <label className="row g4 nw">
      {label}
      <input className="plain-input steps-count" type="number" {...range} value={value ?? ''} onChange={(event) => set(event.target.value === '' ? null : Math.round(Number(event.target.value)))} />
    </label>
  );
  return (
    <div className="steps-detail">
      {step.kind === 'photo' ? limit(t('maxPhotosLabel'), step.max, (max) => onChange({ max }), { min: 1, max: 20 }) : null}
      {step.kind === 'text' || step.kind === 'number' ? (
        <span className="row g12">
          {limit(t(`least.${step.kind}`), step.min, (min) => onChange({ min }))}
          {limit(t(`most.${step.kind}`), step.max, (max) => onChange({ max }))}
        </span>
      ) : null}
      {limit(t('limitMin'), step.limitMin, (limitMin) => onChange({ limitMin: limitMin ? Math.min(240, Math.max(1, limitMin)) : null }), { min: 1, max: 240 })}
      <div className="steps-words">
        <label className="stack">{t('stepHint')}<input className="plain-input" placeholder={t('stepHintExample')} maxLength={300} value={step.hint ?? ''} onChange={(event) => onChange({ hint: event.target.value })} /></label>
        <label className="stack">{t('stepTitleEn')}<input className="plain-input" maxLength={120} value={step.titleEn ?? ''} onChange={(event) => onChange({ titleEn: event.target.value })} /></label>
      </div>
    </div>
  );
}
