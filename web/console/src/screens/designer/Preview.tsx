import { type Answers, type Checked, type Field, type FormSpec, type Value, defaults, fill, offered, prepare } from '@tashi/shared/forms/index.ts';
import { said } from '@tashi/shared/forms/said.ts';
import { useGrades } from '@tashi/shared/grades.ts';
import { type Language, useFormat, useLanguage, useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { useMemo, useState } from 'react';
import { groupsOf } from './spec';
import { designerText } from './text';

/** The phone beside the form: it can be filled in, and judges by the rules of the phone. */
export function Preview({ spec, selected }: { spec: FormSpec; selected: string | null }) {
  const t = useT(designerText);
  const own = useLanguage();
  const format = useFormat();
  const [language, setLanguage] = useState<Language>(own);
  const [dark, setDark] = useState(() => document.documentElement.dataset.theme === 'dark');
  const grades = useGrades();
  const [grade, setGrade] = useState(grades[0] ?? 'A');
  const [given, setGiven] = useState<Answers | null>(null);
  const today = format.today();
  const around = useMemo(() => ({ customer: { name: '苏福便利', grade, code: 'K001', class: '门店', tags: [], status: 'active' }, user: { name: '王芳', department: '一区' }, task: null, today }), [grade, today]);
  // A form with a fault in a formula cannot be run; the phone then shows the last one that could.
  const form = useMemo(() => {
    try {
      return prepare(spec);
    } catch {
      return null;
    }
  }, [spec]);
  const [running, setRunning] = useState(form);
  if (form && form !== running) setRunning(form);
  const shown = form ?? running;
  const answers = useMemo(() => given ?? (shown ? defaults(shown, around) : {}), [given, shown, around]);
  const filled = useMemo(() => (shown ? fill(shown, answers, around) : null), [shown, answers, around]);
  return (
    <aside className="preview" aria-label={t('preview')}>
      <div className="preview-bar">
        <span className="seg" role="radiogroup" aria-label={t('preview')}>
          {([false, true] as const).map((one) => <button key={String(one)} type="button" role="radio" aria-checked={dark === one} className={dark === one ? 'on' : ''} onClick={() => setDark(one)}>{t(one ? 'dark' : 'light')}</button>)}
        </span>
        <span className="seg" role="radiogroup" aria-label="中 / EN">
          {(['zh', 'en'] as const).map((one) => <button key={one} type="button" role="radio" aria-checked={language === one} className={language === one ? 'on' : ''} onClick={() => setLanguage(one)}>{one === 'zh' ? '中' : 'EN'}</button>)}
        </span>
        <label className="row g4 s12">{t('grade')}<select className="plain-input preview-grade" value={grade} onChange={(e) => setGrade(e.target.value)}>{grades.map((one) => <option key={one}>{one}</option>)}</select></label>
      </div>
      <div className={`preview-phone ${dark ? 'theme-dark' : 'theme-light'}`}>
        <div className="preview-screen" tabIndex={0} role="region" aria-label={said(spec.title, language)}>
          <h2>{said(spec.title, language)}</h2>
          {shown && filled ? groupsOf(shown.spec).map((group, k) => (
            <section key={k}>
              {said(group.title, language) ? <h3>{said(group.title, language)}</h3> : null}
              {group.fields.map((key) => {
                const field = shown.spec.fields.find((one) => one.key === key);
                if (!field || !filled.shown.includes(key)) return null;
                const problem = filled.problems.find((one) => one.path === key || one.path.startsWith(`${key}[`) || one.path.startsWith(`${key}.`));
                return (
                  <div key={key} className={`preview-field${selected === key ? ' on' : ''}${problem && problem.code !== 'required' ? ' wrong' : ''}`}>
                    {field.type === 'note' ? <p>{said(field.label, language)}</p> : (
                      <>
                        <b>{said(field.label, language)}{field.required === 'true' ? <span className="fg-problem"> *</span> : null}{field.type === 'number' && field.unit ? <small> {said(field.unit, language)}</small> : null}</b>
                        {said(field.hint, language) ? <span className="s12 m3">{said(field.hint, language)}</span> : null}
                        {field.calc === undefined
                          ? <TestInput spec={shown.spec} field={field} value={answers[key] ?? null} values={answers} language={language} onChange={(value) => setGiven({ ...answers, [key]: value })} />
                          : <output className="preview-computed">{written(filled.answers[key] ?? null)}</output>}
                        {problem?.code === 'constraint' ? <span className="s12 fg-problem">{said(problem.message, language)}</span> : null}
                      </>
                    )}
                  </div>
                );
              })}
            </section>
          )) : null}
        </div>
        <div className="preview-foot">{filled && filled.problems.length > 0 ? <><Icon name="lock" size={14} />{t('testNot', { count: filled.problems.length })}</> : <><Icon name="check" size={14} />{t('testOk')}</>}</div>
      </div>
      <div className="preview-test s12" aria-live="polite">
        <span className="m3">{t('sameEngine')}</span>
        {filled?.checks && filled.checks.applicable > 0 ? <b>{t('checksShare', { percent: format.percent(filled.checks.passed / filled.checks.applicable), passed: filled.checks.passed, applicable: filled.checks.applicable })}</b> : null}
        {filled?.score !== null && filled?.score !== undefined ? <b>{t('testScore', { n: filled.score })}</b> : null}
        <button type="button" className="btn sm ghost" disabled={given === null} onClick={() => setGiven(null)}>{t('testReset')}</button>
      </div>
    </aside>
  );
}

const written = (value: Value): string => (value === null ? '—' : typeof value === 'boolean' ? (value ? '✓' : '✗') : String(value));

/** An answer as it can be given at a desk: pictures and places are samples, or, `fixed`, can only be taken out. */
export function TestInput({ spec, field, value, values, language, fixed, onChange }: {
  spec: FormSpec; field: Field; value: Value; values: Answers; language?: Language; fixed?: boolean; onChange(value: Value): void;
}) {
  const t = useT(designerText);
  const own = useLanguage();
  const at = language ?? own;
  const label = said(field.label, at);
  const orNull = (text: string) => onChange(text === '' ? null : text);
  switch (field.type) {
    case 'number': return <input className="plain-input" type="number" step="any" aria-label={label} value={typeof value === 'number' ? value : ''} onChange={(e) => onChange(e.target.value === '' ? null : Number(e.target.value))} />;
    case 'yes_no':
      return <span className="chips">{[true, false].map((one) => <button key={String(one)} type="button" aria-pressed={value === one} aria-label={`${label}: ${t(one ? 'yes' : 'no')}`} onClick={() => onChange(value === one ? null : one)}>{t(one ? 'yes' : 'no')}</button>)}</span>;
    case 'rating':
      return <span className="chips">{Array.from({ length: field.max }, (_, k) => k + 1).map((k) => <button key={k} type="button" aria-pressed={typeof value === 'number' && k <= value} aria-label={`${label}: ${k}`} onClick={() => onChange(value === k ? null : k)}>★</button>)}</span>;
    case 'choice':
    case 'choices': {
      const options = offered(spec, field, field.parent === undefined ? undefined : values[field.parent]);
      const chosen = Array.isArray(value) ? value : value === null ? [] : [value];
      const press = (one: string) => {
        if (field.type === 'choice') return onChange(chosen.includes(one) ? null : one);
        const next = chosen.includes(one) ? chosen.filter((c) => c !== one) : [...chosen, one];
        onChange(next.length ? next : null);
      };
      return <span className="chips">{options.slice(0, 40).map((o) => <button key={o.value} type="button" aria-pressed={chosen.includes(o.value)} onClick={() => press(o.value)}>{said(o.label, at)}</button>)}</span>;
    }
    case 'date': return <input className="plain-input" type="date" aria-label={label} value={typeof value === 'string' ? value : ''} onChange={(e) => orNull(e.target.value)} />;
    case 'time': return <input className="plain-input" type="time" aria-label={label} value={typeof value === 'string' ? value : ''} onChange={(e) => orNull(e.target.value)} />;
    case 'date_time': return <input className="plain-input" type="datetime-local" aria-label={label} value={typeof value === 'string' ? value : ''} onChange={(e) => orNull(e.target.value.slice(0, 16))} />;
    case 'photo': {
      const ids = Array.isArray(value) ? (value as string[]) : [];
      return (
        <span className="chips">
          {ids.map((id, n) => <button key={id} type="button" aria-label={`${t('remove')} ${n + 1}`} onClick={() => onChange(ids.length > 1 ? ids.filter((one) => one !== id) : null)}>{n + 1}<Icon name="close" size={12} /></button>)}
          {fixed || ids.length >= (field.max ?? 9) ? null : <button type="button" onClick={() => onChange([...ids, `sample-${ids.length + 1}`])}><Icon name="camera" size={14} />{t('sample')}</button>}
        </span>
      );
    }
    case 'file': {
      const ids = Array.isArray(value) ? (value as string[]) : [];
      return (
        <span className="chips">
          {ids.map((id, n) => <button key={id} type="button" aria-label={`${t('remove')} ${n + 1}`} onClick={() => onChange(ids.length > 1 ? ids.filter((one) => one !== id) : null)}><Icon name="file" size={12} />{n + 1}<Icon name="close" size={12} /></button>)}
          {fixed || ids.length >= (field.max ?? 9) ? null : <button type="button" onClick={() => onChange([...ids, `sample-${ids.length + 1}`])}><Icon name="upload" size={14} />{t('sampleFile')}</button>}
        </span>
      );
    }
    case 'reference':
      return <span className="chips"><button type="button" disabled={fixed} aria-pressed={value !== null} onClick={() => onChange(value === null ? 'sample' : null)}>{t('sampleChoice', { kind: t(`kind.${field.to}`) })}</button></span>;
    case 'signature':
      return <span className="chips">{fixed ? <Icon name="signature" size={16} /> : <button type="button" aria-pressed={value !== null} onClick={() => onChange(value === null ? 'sample' : null)}><Icon name="signature" size={14} />{t('sampleSign')}</button>}</span>;
    case 'audio':
      return <span className="chips">{fixed ? <Icon name="mic" size={16} /> : <button type="button" aria-pressed={value !== null} onClick={() => onChange(value === null ? 'sample' : null)}><Icon name="mic" size={14} />{t('sampleAudio')}</button>}</span>;
    case 'place':
      return <span className="chips">{fixed ? <Icon name="target" size={16} /> : <button type="button" aria-pressed={value !== null} onClick={() => onChange(value === null ? { lng: 118.78, lat: 32.04, accuracy_m: 10 } : null)}><Icon name="target" size={14} />{t('samplePlace')}</button>}</span>;
    case 'check': {
      const given = (value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {}) as Checked;
      const put = (change: Partial<Checked>) => {
        const next = Object.fromEntries(Object.entries({ ...given, score: undefined, ...change }).filter(([, one]) => one !== undefined && one !== ''));
        onChange(Object.keys(next).length ? (next as Value) : null);
      };
      const photos = given.photos ?? [];
      return (
        <span className="stack">
          {field.measure ? <input className="plain-input" type="number" step="any" aria-label={`${label}: ${t('checkValue')}`} value={given.value ?? ''} onChange={(e) => put({ value: e.target.value === '' ? undefined : Number(e.target.value) })} /> : null}
          <span className="chips">{(['pass', 'fail', 'na'] as const).filter((one) => one !== 'na' || !field.always).map((one) => <button key={one} type="button" aria-pressed={given.result === one} aria-label={`${label}: ${t(`check.${one}`)}`} onClick={() => put({ result: given.result === one ? undefined : one })}>{t(`check.${one}`)}</button>)}</span>
          {given.result === 'fail' || given.remark ? <input className="plain-input" aria-label={`${label}: ${t('checkRemark')}`} placeholder={t('checkRemark')} value={given.remark ?? ''} onChange={(e) => put({ remark: e.target.value })} /> : null}
          {photos.length || (given.result === 'fail' && !fixed) ? <span className="chips">{photos.map((id, n) => <button key={id} type="button" aria-label={`${t('remove')} ${n + 1}`} onClick={() => put({ photos: photos.length > 1 ? photos.filter((one) => one !== id) : undefined })}>{n + 1}<Icon name="close" size={12} /></button>)}{fixed ? null : <button type="button" onClick={() => put({ photos: [...photos, `sample-${photos.length + 1}`] })}><Icon name="camera" size={14} />{t('sample')}</button>}</span> : null}
        </span>
      );
    }
    case 'table': {
      const rows = Array.isArray(value) ? (value as Answers[]) : [];
      return (
        <div className="test-rows">
          {rows.map((row, n) => (
            <div key={n} className="test-row">
              {field.fields.filter((one) => one.calc === undefined && one.type !== 'note').map((one) => (
                <label key={one.key} className="stack"><span className="s12 m3">{said(one.label, at)}</span><TestInput spec={spec} field={one} value={row[one.key] ?? null} values={row} language={at} fixed={fixed} onChange={(next) => onChange(rows.map((old, k) => (k === n ? { ...old, [one.key]: next } : old)))} /></label>
              ))}
              <button type="button" className="icb tiny" aria-label={`${t('remove')} ${n + 1}`} onClick={() => onChange(rows.filter((_, k) => k !== n))}><Icon name="close" size={12} /></button>
            </div>
          ))}
          <button type="button" className="btn sm ghost" onClick={() => onChange([...rows, {}])}><Icon name="plus" size={13} />{t('testRow')}</button>
        </div>
      );
    }
    case 'text':
      return field.lines
        ? <textarea className="plain-input" rows={2} aria-label={label} value={typeof value === 'string' ? value : ''} onChange={(e) => orNull(e.target.value)} />
        : <input className="plain-input" aria-label={label} value={typeof value === 'string' ? value : ''} onChange={(e) => orNull(e.target.value)} />;
    default:
      return <input className="plain-input" aria-label={label} value={typeof value === 'string' ? value : ''} onChange={(e) => orNull(e.target.value)} />;
  }
}
