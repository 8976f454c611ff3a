import { type ReactNode, memo, useId } from 'react';
import { type Answers, type Field, type FormSpec, type Problem, type Value, offered } from '@tashi/shared/forms/index.ts';
import { said } from '@tashi/shared/forms/said.ts';
import { type Language, useLanguage, useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { CheckInput } from './CheckInput.tsx';
import { Barcode, Choice, DayTime, NumberInput, Place, Stars, TextInput, YesNo } from './inputs.tsx';
import { Files } from './files.tsx';
import { Photos, Signature } from './pictures.tsx';
import { Sound } from './Sound.tsx';
import { Reference } from './Reference.tsx';
import { useOpenForm } from './context.ts';
import { formText } from './text.ts';

export interface FieldViewProps {
  field: Field;
  /** `front`, or `rows[0].pic` as problems name it. */
  path: string;
  /** Answers of the same level. */
  values: Answers;
  onChange: (value: Value) => void;
}

/** One question with its answer and what is wrong with it. Hidden ones are not there. */
export function FieldView({ field, path, values, onChange }: FieldViewProps) {
  const { form, filled, complained } = useOpenForm();
  if (!filled.shown.includes(path)) return null;
  const problem = filled.problems.find((one) => one.path === path);
  // What is merely missing is not scolded before the person says he is done.
  const scolded = problem && (complained || !['required', 'count', 'rows'].includes(problem.code)) ? problem : null;
  const part = field.type === 'check' && complained && filled.problems.some((one) => one.path.startsWith(`${path}.`));
  return (
    <Question
      spec={form.spec} field={field} path={path} scolded={scolded} part={part} onChange={onChange}
      value={field.calc === undefined ? (values[field.key] ?? null) : valueAt(filled.answers, path)}
      within={'parent' in field && field.parent !== undefined ? values[field.parent] : undefined}
    />
  );
}

interface QuestionProps {
  spec: FormSpec;
  field: Field;
  path: string;
  /** The answer, or what was computed. */
  value: Value;
  /** The answer its choices depend on. */
  within: Value | undefined;
  scolded: Problem | null;
  /** Something inside it is wrong. */
  part: boolean;
  onChange: (value: Value) => void;
}

/** Drawn again only when something about itself has changed: a key in one of two hundred questions draws one. */
const Question = memo(function Question({ spec, field, path, value, within, scolded, part, onChange }: QuestionProps) {
  const t = useT(formText);
  const language = useLanguage();
  const id = useId();
  const label = said(field.label, language);
  if (field.type === 'note') return <p className="form-note" data-path={path}>{label}</p>;
  const words = scolded && (said(scolded.message, language) || t(scolded.code as 'type', { limit: scolded.limit ?? '' }));
  return (
    <div className={`form-field${scolded || part ? ' wrong' : ''}`} data-path={path} role="group" aria-labelledby={id}>
      <div className="form-label" id={id}>
        <span>{label}</span>
        {field.required === 'true' ? <><span className="fg-problem" aria-hidden="true"> *</span><span className="sr"> {t('required')}</span></> : null}
        {field.type === 'number' && field.unit ? <small>{said(field.unit, language)}</small> : null}
      </div>
      {said(field.hint, language) ? <p className="hint">{said(field.hint, language)}</p> : null}
      {field.calc === undefined ? <Answer spec={spec} field={field} path={path} value={value} within={within} label={label} onChange={onChange} /> : <Computed field={field} value={value} />}
      {words ? <p className="err" role="alert"><Icon name="warn" size={16} />{words}</p> : null}
    </div>
  );
});

type AnswerProps = Pick<QuestionProps, 'spec' | 'field' | 'path' | 'value' | 'within' | 'onChange'> & { label: string };

function Answer({ spec, field, path, value, within, label, onChange }: AnswerProps): ReactNode {
  const language = useLanguage();
  switch (field.type) {
    case 'text': return <TextInput value={value} label={label} lines={field.lines} max={field.max} onChange={onChange} />;
    case 'phone': return <TextInput value={value} label={label} type="tel" max={24} onChange={onChange} />;
    case 'barcode': return <Barcode value={value} label={label} onChange={onChange} />;
    case 'number': return <NumberInput value={value} label={label} onChange={onChange} />;
    case 'yes_no': return <YesNo value={value} label={label} onChange={onChange} />;
    case 'rating': return <Stars value={value} label={label} max={field.max} onChange={onChange} />;
    case 'choice':
    case 'choices': {
      const options = offered(spec, field, within);
      return <Choice value={value} label={label} many={field.type === 'choices'} options={options.map((o) => ({ value: o.value, label: said(o.label, language) }))} onChange={onChange} />;
    }
    case 'date': return <DayTime value={value} label={label} type="date" onChange={onChange} />;
    case 'time': return <DayTime value={value} label={label} type="time" onChange={onChange} />;
    case 'date_time': return <DayTime value={value} label={label} type="datetime-local" onChange={onChange} />;
    case 'place': return <Place value={value} onChange={onChange} />;
    case 'reference': return <Reference to={field.to} value={value} label={label} onChange={onChange} />;
    case 'photo': return <Photos field={field} path={path} value={value} label={label} onChange={onChange} />;
    case 'file': return <Files field={field} value={value} label={label} onChange={onChange} />;
    case 'check': return <CheckInput field={field} path={path} value={value} label={label} onChange={onChange} />;
    case 'audio': return <Sound value={value} label={label} onChange={onChange} />;
    case 'signature': return <Signature value={value} label={label} onChange={onChange} />;
    case 'table': return <Table field={field} path={path} value={value} label={label} onChange={onChange} />;
    default: return null;
  }
}

/** The value at a path of what the answers mean. */
function valueAt(answers: Answers, path: string): Value {
  const [, key = path, row, inner] = /^([a-z0-9_]+)\[(\d+)\]\.([a-z0-9_]+)$/.exec(path) ?? [];
  const value = answers[key] ?? null;
  if (row === undefined || inner === undefined) return value;
  const one = Array.isArray(value) ? value[Number(row)] : null;
  return one !== null && typeof one === 'object' && !Array.isArray(one) ? (one[inner] ?? null) : null;
}

function Computed({ field, value }: { field: Field; value: Value }) {
  const t = useT(formText);
  const language = useLanguage();
  const words = value === null ? t('empty') : typeof value === 'boolean' ? t(value ? 'yes' : 'no') : typeof value === 'number' ? written(value, language) : String(value);
  return <output className="form-computed" aria-label={t('computed')}>{words}{field.type === 'number' && field.unit && value !== null ? <small> {said(field.unit, language)}</small> : null}</output>;
}

const written = (value: number, language: Language) => new Intl.NumberFormat(language === 'en' ? 'en' : 'zh-CN', { maximumFractionDigits: 6 }).format(value);

function Table({ field, path, value, label, onChange }: { field: Extract<Field, { type: 'table' }>; path: string; value: Value; label: string; onChange: (value: Value) => void }) {
  const t = useT(formText);
  const rows = Array.isArray(value) ? (value as Answers[]) : [];
  const full = rows.length >= (field.max ?? 200);
  return (
    <div className="form-rows" role="list" aria-label={label}>
      {rows.map((row, n) => (
        <div className="form-row" role="listitem" key={n}>
          <div className="row"><b>{t('row', { n: n + 1 })}</b><button type="button" className="ib end" aria-label={t('removeRow', { n: n + 1 })} onClick={() => onChange(rows.filter((_, k) => k !== n))}><Icon name="trash" size={20} /></button></div>
          {field.fields.map((inner) => (
            <FieldView key={inner.key} field={inner} path={`${path}[${n}].${inner.key}`} values={row} onChange={(next) => onChange(rows.map((one, k) => (k === n ? { ...one, [inner.key]: next } : one)))} />
          ))}
        </div>
      ))}
      {full ? null : <button type="button" className="chipbtn" onClick={() => onChange([...rows, {}])}><Icon name="plus" size={18} weight={2} />{t('addRow')}</button>}
    </div>
  );
}
