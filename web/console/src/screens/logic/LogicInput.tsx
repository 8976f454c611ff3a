import { useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { useMemo, useState } from 'react';
import { FormulaInput, type FormulaInputProps } from '../designer/FormulaInput';
import { parsed, written, type Logic, type Operand, type Operator, type Term } from './logic';
import { begin, firstOperand, goneOption, OPERATORS, peers, readable, takesOperand, type Subject } from './subjects';
import { logicText } from './text';
import './logic.css';

const NOTHING: Logic = { all: true, terms: [] };

/** A condition in sentences; whoever wants more writes the formula they stand for. */
export function LogicInput({ subjects, first, ...formula }: FormulaInputProps & {
  subjects: readonly Subject[];
  /** What a new condition is about. */
  first?: string;
}) {
  const { label, value, disabled, onChange } = formula;
  const t = useT(logicText);
  const logic = useMemo(() => (value.trim() === '' ? NOTHING : readable(parsed(value), subjects)), [value, subjects]);
  // Once somebody writes, the line does not turn into sentences under his hands.
  const [writing, setWriting] = useState(false);
  if (writing || !logic) {
    return (
      <div className="logic">
        <FormulaInput {...formula} onChange={(next) => { setWriting(true); onChange(next); }} />
        {disabled ? null : <button type="button" className="btn sm ghost logic-turn" disabled={!logic} title={logic ? undefined : t('beyond')} onClick={() => setWriting(false)}>{t('bySentence')}</button>}
      </div>
    );
  }
  const put = (next: Logic) => onChange(written(next));
  const change = (k: number, term: Term) => put({ ...logic, terms: logic.terms.map((one, i) => (i === k ? term : one)) });
  const gone = goneOption(logic, subjects);
  return (
    <div className="logic" role="group" aria-label={label}>
      <span className="s12 m2">{label}</span>
      {logic.terms.length > 1 ? (
        <select className="plain-input" aria-label={t('joined')} disabled={disabled} value={logic.all ? 'all' : 'any'} onChange={(e) => put({ ...logic, all: e.target.value === 'all' })}>
          <option value="all">{t('all')}</option>
          <option value="any">{t('any')}</option>
        </select>
      ) : null}
      {logic.terms.length ? (
        <ul className="logic-terms">
          {logic.terms.map((term, k) => <TermInput key={k} n={k + 1} term={term} subjects={subjects} disabled={disabled} onChange={(next) => change(k, next)} onRemove={() => put({ ...logic, terms: logic.terms.filter((_, i) => i !== k) })} />)}
        </ul>
      ) : <span className="s12 m3">{t('none')}</span>}
      {gone ? <p className="s12 fg-problem" role="alert"><Icon name="warn" size={13} /> {t('gone', gone)}</p> : null}
      {disabled ? null : (
        <div className="row g6">
          <button
            type="button" className="btn sm" aria-label={`${label}: ${t('add')}`} disabled={subjects.length === 0}
            onClick={() => { const about = subjects.find((one) => one.path === first) ?? subjects[0]; if (about) put({ ...logic, terms: [...logic.terms, begin(about)] }); }}
          >
            <Icon name="plus" size={13} />{t('add')}
          </button>
          <button type="button" className="btn sm ghost" aria-label={`${label}: ${t('byFormula')}`} onClick={() => setWriting(true)}>{t('byFormula')}</button>
        </div>
      )}
    </div>
  );
}

function TermInput({ n, term, subjects, disabled, onChange, onRemove }: { n: number; term: Term; subjects: readonly Subject[]; disabled?: boolean; onChange(next: Term): void; onRemove(): void }) {
  const t = useT(logicText);
  const subject = subjects.find((one) => one.path === term.subject);
  if (!subject) return null;
  const groups = [
    ['groupRow', subjects.filter((one) => one.path.startsWith('row.'))],
    ['groupFields', subjects.filter((one) => one.path.startsWith('form.'))],
    ['groupElse', subjects.filter((one) => !one.path.startsWith('row.') && !one.path.startsWith('form.'))],
  ] as const;
  const turn = (op: Operator) => onChange({ subject: term.subject, op, operand: takesOperand(op) ? term.operand ?? firstOperand(subject, op) : undefined });
  const opWords = (op: Operator) => (subject.kind === 'day' && (op === 'more' || op === 'at_least' || op === 'less' || op === 'at_most') ? t(`day.${op}`) : t(`op.${op}`));
  return (
    <li>
      <select className="plain-input" aria-label={t('subject', { n })} disabled={disabled} value={term.subject} onChange={(e) => { const next = subjects.find((one) => one.path === e.target.value); if (next) onChange(begin(next)); }}>
        {groups.map(([group, all]) => (all.length ? <optgroup key={group} label={t(group)}>{all.map((one) => <option key={one.path} value={one.path}>{one.name}</option>)}</optgroup> : null))}
      </select>
      {disabled ? null : <button type="button" className="icb tiny" aria-label={t('remove', { n })} onClick={onRemove}><Icon name="close" size={13} /></button>}
      <span className="logic-compare">
        <select className="plain-input" aria-label={t('op', { n })} disabled={disabled} value={term.op} onChange={(e) => turn(e.target.value as Operator)}>
          {OPERATORS[subject.kind].map((op) => <option key={op} value={op}>{opWords(op)}</option>)}
        </select>
        {takesOperand(term.op) ? <OperandInput n={n} subject={subject} operand={term.operand ?? ''} others={peers(subject, subjects)} disabled={disabled} onChange={(operand) => onChange({ ...term, operand })} /> : null}
      </span>
    </li>
  );
}

function OperandInput({ n, subject, operand, others, disabled, onChange }: { n: number; subject: Subject; operand: Operand; others: readonly Subject[]; disabled?: boolean; onChange(next: Operand): void }) {
  const t = useT(logicText);
  const label = t('value', { n });
  if (subject.kind === 'yes_no') {
    return <select className="plain-input" aria-label={label} disabled={disabled} value={String(operand)} onChange={(e) => onChange(e.target.value === 'true')}><option value="true">{t('yes')}</option><option value="false">{t('no')}</option></select>;
  }
  if (subject.options) {
    const known = subject.options.some((one) => one.value === operand);
    return (
      <select className="plain-input" aria-label={label} disabled={disabled} aria-invalid={known ? undefined : true} value={String(operand)} onChange={(e) => onChange(e.target.value)}>
        {known ? null : <option value={String(operand)}>{t('goneOption', { value: String(operand) })}</option>}
        {subject.options.map((one) => <option key={one.value} value={one.value}>{one.name}</option>)}
      </select>
    );
  }
  if (subject.kind !== 'number' && subject.kind !== 'day') {
    return <input className="plain-input" aria-label={label} disabled={disabled} maxLength={200} value={String(operand)} onChange={(e) => onChange(e.target.value)} />;
  }
  const of = typeof operand === 'object' ? operand.of : null;
  return (
    <>
      {others.length || subject.kind === 'day' ? (
        <select className="plain-input" aria-label={t('with', { n })} disabled={disabled} value={of ?? ''} onChange={(e) => onChange(e.target.value ? { of: e.target.value } : subject.kind === 'number' ? 0 : '')}>
          <option value="">{t('own')}</option>
          {subject.kind === 'day' ? <option value="today">{t('today')}</option> : null}
          {others.map((one) => <option key={one.path} value={one.path}>{one.name}</option>)}
        </select>
      ) : null}
      {of !== null ? null : subject.kind === 'number'
        ? <NumberInput label={label} value={Number(operand)} disabled={disabled} onChange={onChange} />
        : <input className="plain-input" type="date" aria-label={label} disabled={disabled} value={String(operand)} onChange={(e) => onChange(e.target.value)} />}
    </>
  );
}

/** Keeps what is typed until it is a number: a minus alone is none yet. */
function NumberInput({ label, value, disabled, onChange }: { label: string; value: number; disabled?: boolean; onChange(next: number): void }) {
  const [typed, setTyped] = useState(String(value));
  const shown = Number(typed) === value ? typed : String(value);
  return (
    <input
      className="plain-input" inputMode="decimal" aria-label={label} disabled={disabled} value={typed === '' || typed === '-' ? typed : shown}
      onChange={(e) => {
        const text = e.target.value.trim();
        if (!/^-?\d{0,12}(\.\d{0,6})?$/.test(text)) return;
        setTyped(text);
        onChange(Number.isFinite(Number(text)) ? Number(text) : 0);
      }}
      onBlur={() => setTyped(String(value))}
    />
  );
}
