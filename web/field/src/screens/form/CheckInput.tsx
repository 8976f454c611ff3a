import type { Checked, Field, Value } from '@tashi/shared/forms/index.ts';
import { said } from '@tashi/shared/forms/said.ts';
import { useLanguage, useT } from '@tashi/shared/i18n';
import { Icon, type IconName } from '@tashi/shared/ui';
import { useOpenForm } from './context.ts';
import { NumberInput, TextInput } from './inputs.tsx';
import { Photos } from './pictures.tsx';
import { formText } from './text.ts';

const LOOK: Record<'pass' | 'fail' | 'na', IconName> = { pass: 'okCircle', fail: 'xCircle', na: 'minus' };

/** An item that is checked: three big buttons, or the measured value that decides; what a failed one needs opens below. */
export function CheckInput({ field, path, value, label, onChange }: { field: Extract<Field, { type: 'check' }>; path: string; value: Value; label: string; onChange: (value: Value) => void }) {
  const t = useT(formText);
  const language = useLanguage();
  const { filled, complained } = useOpenForm();
  const given = (value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {}) as Checked;
  const meant = (filled.answers[field.key] ?? {}) as Checked;
  const { measure } = field;
  const limited = measure !== undefined && (measure.min !== undefined || measure.max !== undefined);
  // Where the limits decide, what they say is shown; only "does not apply" is pressed.
  const result = limited && given.result !== 'na' ? meant.result : given.result;
  const put = (change: Partial<Checked>) => {
    const next = Object.fromEntries(Object.entries({ ...given, ...change }).filter(([, one]) => one !== undefined && one !== null && one !== ''));
    onChange(Object.keys(next).length > 0 ? (next as Value) : null);
  };
  const lack = (part: string) => {
    const problem = filled.problems.find((one) => one.path === `${path}.${part}`);
    return problem && complained ? <p className="err" role="alert"><Icon name="warn" size={16} />{t(problem.code === 'count' ? 'photosLack' : 'required', { limit: problem.limit ?? '' })}</p> : null;
  };
  const results = (['pass', 'fail', 'na'] as const).filter((one) => one !== 'na' || !field.always);
  const limits = limited ? t(measure.min === undefined ? 'limitMax' : measure.max === undefined ? 'limitMin' : 'limitBoth', { min: measure.min ?? '', max: measure.max ?? '', unit: said(measure.unit, language) }) : null;
  return (
    <div className="form-check">
      {measure && given.result !== 'na' ? (
        <div data-path={`${path}.value`}>
          <p className="hint">{limits ?? t('measured', { unit: said(measure.unit, language) })}</p>
          <NumberInput value={given.value ?? null} label={`${label} ${t('value')}`} onChange={(n) => put({ value: n as number })} />
          {lack('value')}
        </div>
      ) : null}
      <div className="form-results" role="radiogroup" aria-label={label}>
        {results.map((one) => (
          <button key={one} type="button" role="radio" aria-checked={result === one} disabled={limited && one !== 'na' && given.result !== 'na' && given.value !== undefined} className={`form-result ${one}`} onClick={() => put({ result: given.result === one ? undefined : one, ...(one === 'na' ? { value: undefined } : {}) })}>
            <Icon name={LOOK[one]} size={22} weight={2} />{t(`check.${one}`)}
          </button>
        ))}
      </div>
      {result === 'fail' ? (
        <>
          <div data-path={`${path}.remark`}>
            <p className="hint">{t(field.remark === false ? 'remarkFree' : 'remarkNeeded')}</p>
            <TextInput value={given.remark ?? null} label={`${label} ${t('remark')}`} lines max={500} onChange={(text) => put({ remark: text as string })} />
            {lack('remark')}
          </div>
          <div data-path={`${path}.photos`}>
            <Photos field={{ ...field, type: 'photo', min: field.photos || undefined, max: 9 } as Extract<Field, { type: 'photo' }>} path={`${path}.photos`} label={label} value={given.photos ?? null} onChange={(ids) => put({ photos: ids as string[] })} />
            {lack('photos')}
          </div>
          {field.follow ? <p className="hint row g4"><Icon name="task" size={15} />{t('follows')}</p> : null}
        </>
      ) : null}
    </div>
  );
}
