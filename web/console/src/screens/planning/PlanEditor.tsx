import type { CustomerPoint, Employee, Id, Plan, Route } from '@tashi/shared/api';
import { useLanguage, useT } from '@tashi/shared/i18n';
import { Bone, Icon } from '@tashi/shared/ui';
import { Select } from 'antd';
import { useEffect, useId, useMemo } from 'react';
import { ProblemView } from '../../kit/ProblemView';
import { TimeInput } from '../../kit/TimeInput';
import { missing, type Draft } from './draft';
import { RouteList, type RouteStop } from './RouteList';
import { RouteSummary } from './RouteSummary';
import { STEP_ICON, StepsEditor } from './StepsEditor';
import { planningText } from './text';
import { useTemplates } from './usePlanning';

/** The right column: whose day, within which hours, doing what, in which order. */
export function PlanEditor(props: {
  /** Set when an existing plan is changed: person, steps and aim are then fixed. */
  plan: Plan | null;
  employees: readonly Employee[] | undefined;
  person: Id | undefined;
  onPerson(id: Id): void;
  draft: Draft;
  onDraft(next: Draft): void;
  customers: readonly Id[];
  stops: readonly RouteStop[];
  route: Route | null;
  /** The order the engine would choose, when the one shown was made by hand. */
  best: Route | null;
  routeBusy: boolean;
  routeError: unknown;
  onRouteRetry(): void;
  byId: ReadonlyMap<Id, CustomerPoint>;
  onMove(from: number, to: number): void;
  onRemove(id: Id): void;
  onRestore(): void;
  onClear(): void;
  onSave(): void;
  saving: boolean;
  problem: unknown;
}) {
  const t = useT(planningText);
  const language = useLanguage();
  const { draft, onDraft, plan } = props;
  const templates = useTemplates();
  const chosen = templates.data?.find((one) => one.id === draft.template);
  const group = useId();
  // Most companies have one kind of visit: the first template is the guess, no template at all means own steps.
  const first = templates.data?.[0]?.id;
  useEffect(() => {
    if (plan || !templates.data || draft.template || draft.requirement === 'own') return;
    onDraft(first ? { ...draft, template: first } : { ...draft, requirement: 'own' });
  }, [plan, templates.data, first, draft, onDraft]);
  const gaps = missing(plan ? { ...draft, requirement: 'template', template: draft.template ?? 'kept' } : draft, props.person, props.customers);
  const people = useMemo(
    () => (props.employees ?? []).map((one) => ({ value: one.id, label: one.name, search: `${one.name} ${one.pinyin}`.toLowerCase() })),
    [props.employees],
  );
  return (
    <aside className="plan-side" aria-label={plan ? t('editing', { name: plan.employee.name }) : t('draft')}>
      <div className="plan-scroll">
        <div className="hd">
          <h2>{plan ? t('editing', { name: plan.employee.name }) : t('draft')}</h2>
          {props.customers.length ? (
            <button type="button" className="btn link s12 end" onClick={props.onClear}>{plan ? t('discard') : t('clear')}</button>
          ) : null}
        </div>
        <div className="plan-fields">
          {plan ? null : (
            <label className="plan-field">
              <span>{t('person')}</span>
              <Select
                aria-label={t('person')}
                placeholder={t('personChoose')}
                value={props.person}
                options={people}
                showSearch={{ filterOption: (input, option) => option?.search.includes(input.toLowerCase()) ?? false }}
                onChange={props.onPerson}
              />
            </label>
          )}
          <div className="plan-field">
            <span>{t('window')}</span>
            <span className="row g6">
              <TimeInput label={t('windowFrom')} value={draft.window.from_minute} onChange={(from_minute) => onDraft({ ...draft, window: { ...draft.window, from_minute } })} />
              <span aria-hidden="true">–</span>
              <TimeInput label={t('windowTo')} value={draft.window.to_minute} onChange={(to_minute) => onDraft({ ...draft, window: { ...draft.window, to_minute } })} />
              {draft.window.to_minute <= draft.window.from_minute ? <span className="s12 fg-problem">{t('windowBad')}</span> : null}
            </span>
          </div>
          {plan ? null : (
            <div className="plan-field">
              <span>{t('objective')}</span>
              <span className="seg" role="radiogroup" aria-label={t('objective')}>
                {(['distance', 'time'] as const).map((one) => (
                  <button key={one} type="button" role="radio" aria-checked={draft.objective === one} className={draft.objective === one ? 'on' : ''} onClick={() => onDraft({ ...draft, objective: one })}>
                    {t(`objective.${one}`)}
                  </button>
                ))}
              </span>
            </div>
          )}
        </div>
        {plan ? null : (
          <fieldset className="plan-part">
            <legend className="s14 w7">{t('requirements')}</legend>
            <div className="row plan-kind">
              {(['template', 'own'] as const).map((one) => (
                <label key={one} className="row g4">
                  <input type="radio" name={group} checked={draft.requirement === one} onChange={() => onDraft({ ...draft, requirement: one })} />
                  {t(one)}
                </label>
              ))}
            </div>
            {draft.requirement === 'template' ? (
              <>
                <Select
                  aria-label={t('template')}
                  value={draft.template ?? undefined}
                  placeholder={templates.data?.length === 0 ? t('templateNone') : t('template')}
                  options={(templates.data ?? []).map((one) => ({ value: one.id, label: one.name }))}
                  onChange={(template) => onDraft({ ...draft, template })}
                  style={{ width: '100%' }}
                />
                <ul className="plan-steps">
                  {chosen?.steps.map((step) => (
                    <li key={step.id} className="row g6">
                      <Icon name={STEP_ICON[step.kind]} size={15} className="m3" />
                      <span className="clip">{(language === 'en' && step.title_en) || step.title}</span>
                      <span className="end m3 nw">{step.kind === 'photo' && step.min ? t('minPhotos', { count: step.min }) : t(`kind.${step.kind}`)}·{step.mandatory ? t('mandatory') : t('optional')}</span>
                    </li>
                  ))}
                </ul>
              </>
            ) : (
              <StepsEditor steps={draft.steps} onChange={(steps) => onDraft({ ...draft, steps })} />
            )}
          </fieldset>
        )}
        <section className="plan-part" aria-label={t('route')}>
          <h3 className="s14 w7">{t('route')}</h3>
          {props.routeError ? <ProblemView error={props.routeError} onRetry={props.onRouteRetry} compact /> : null}
          {props.route ? (
            <RouteSummary route={props.route} manual={draft.manual} best={props.best} busy={props.routeBusy} onRestore={props.onRestore} />
          ) : props.routeBusy ? (
            <p className="row g6 s12 m3"><Bone width={90} height={22} />{t('computing')}</p>
          ) : props.stops.length === 0 || !props.person ? (
            <p className="s12 m3">{t('routeHint')}</p>
          ) : null}
          {props.stops.length ? <RouteList stops={props.stops} onMove={props.onMove} onRemove={props.onRemove} /> : null}
          {props.route?.unserved.map((one) => (
            <p key={one.customer_id} className="row g6 s12 fg-late">
              <Icon name="clock" size={14} weight={2} />
              {t('unserved', { name: props.byId.get(one.customer_id)?.name ?? '—', reason: t(`left.${one.reason}`) })}
            </p>
          ))}
        </section>
        <label className="plan-part plan-field">
          <span>{t('note')}</span>
          <textarea className="plain-input plan-note" rows={2} maxLength={500} placeholder={t('notePlaceholder')} value={draft.note} onChange={(event) => onDraft({ ...draft, note: event.target.value })} />
        </label>
        {props.problem ? <div className="pool-pad"><ProblemView error={props.problem} compact /></div> : null}
      </div>
      <footer className="plan-foot">
        <button type="button" className="btn pri sp" disabled={gaps.length > 0 || props.saving} onClick={props.onSave}>
          {props.saving ? t('saving') : gaps.length ? t('cannotSave', { what: gaps.map((one) => t(`need.${one}`)).join(t('joiner')) }) : plan ? t('saveEdit') : t('save')}
        </button>
      </footer>
    </aside>
  );
}
