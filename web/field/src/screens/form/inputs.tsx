import { useState } from 'react';
import type { Value } from '@tashi/shared/forms/index.ts';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { freshFix, usePosition } from '../../location/here.ts';
import { Detecting, Scanner } from './Scanner.tsx';
import { formText } from './text.ts';

interface InputProps {
  value: Value;
  label: string;
  onChange: (value: Value) => void;
}

const orNull = (text: string): Value => (text === '' ? null : text);

export function TextInput({ value, label, onChange, lines, max, type = 'text' }: InputProps & { lines?: boolean; max?: number; type?: 'text' | 'tel' }) {
  const words = typeof value === 'string' ? value : '';
  return lines
    ? <textarea className="in48" rows={3} aria-label={label} value={words} maxLength={max ?? 2000} onChange={(e) => onChange(orNull(e.target.value))} />
    : <input className="in48" type={type} aria-label={label} value={words} maxLength={max ?? 2000} autoComplete="off" onChange={(e) => onChange(orNull(e.target.value))} />;
}

export function NumberInput({ value, label, onChange }: InputProps) {
  const t = useT(formText);
  const [typed, setTyped] = useState(typeof value === 'number' ? String(value) : '');
  const parsed = typed.trim() === '' ? null : Number(typed.replace(/,/g, ''));
  const bad = parsed !== null && !Number.isFinite(parsed);
  return (
    <>
      <input
        className="in48" inputMode="decimal" aria-label={label} aria-invalid={bad || undefined} value={typed}
        onChange={(e) => {
          setTyped(e.target.value);
          const n = e.target.value.trim() === '' ? null : Number(e.target.value.replace(/,/g, ''));
          onChange(n === null || !Number.isFinite(n) ? null : n);
        }}
      />
      {bad ? <p className="err" role="alert"><Icon name="warn" size={16} />{t('notNumber')}</p> : null}
    </>
  );
}

export function YesNo({ value, label, onChange }: InputProps) {
  const t = useT(formText);
  return (
    <div className="opts two" role="radiogroup" aria-label={label}>
      {[true, false].map((one) => (
        <button type="button" key={String(one)} className="opt" role="radio" aria-checked={value === one} onClick={() => onChange(value === one ? null : one)}>
          <Icon name={one ? 'okCircle' : 'xCircle'} size={20} />{t(one ? 'yes' : 'no')}
        </button>
      ))}
    </div>
  );
}

export function Stars({ value, label, max, onChange }: InputProps & { max: number }) {
  const t = useT(formText);
  const n = typeof value === 'number' ? value : 0;
  return (
    <div className="form-stars" role="radiogroup" aria-label={label}>
      {Array.from({ length: max }, (_, k) => k + 1).map((k) => (
        <button type="button" key={k} role="radio" aria-checked={n === k} aria-label={t('stars', { n: k, count: k })} className={k <= n ? 'on' : undefined} onClick={() => onChange(n === k ? null : k)}>
          <svg viewBox="0 0 24 24" width="30" height="30" aria-hidden="true"><path d="M12 2.6l2.9 6 6.6.9-4.8 4.6 1.2 6.6L12 17.5l-5.9 3.2 1.2-6.6L2.5 9.5l6.6-.9z" /></svg>
        </button>
      ))}
    </div>
  );
}

export function DayTime({ value, label, type, onChange }: InputProps & { type: 'date' | 'time' | 'datetime-local' }) {
  return <input className="in48" type={type} aria-label={label} value={typeof value === 'string' ? value : ''} onChange={(e) => onChange(orNull(type === 'datetime-local' ? e.target.value.slice(0, 16) : e.target.value))} />;
}

/** Choices that fit are buttons; a longer list opens under the finger, with a search. */
const FEW = 8;
/** Rows drawn of a long list; the rest is found by typing. */
const DRAWN = 60;

export interface Option {
  value: string;
  label: string;
}

export function Choice({ value, label, options, many, onChange }: InputProps & { options: Option[]; many: boolean }) {
  const t = useT(formText);
  const f = useFormat();
  const [wide, setWide] = useState(false);
  const [word, setWord] = useState('');
  const chosen = Array.isArray(value) ? value : typeof value === 'string' ? [value] : [];
  const press = (one: string) => {
    if (many) {
      const next = chosen.includes(one) ? chosen.filter((c) => c !== one) : [...chosen, one];
      return onChange(next.length > 0 ? next : null);
    }
    onChange(chosen.includes(one) ? null : one);
    setWide(false);
  };
  const row = (option: Option) => (
    <button type="button" key={option.value} className="opt" role={many ? 'checkbox' : 'radio'} aria-checked={chosen.includes(option.value)} onClick={() => press(option.value)}>
      {chosen.includes(option.value) ? <Icon name="okCircle" size={20} weight={2} /> : <span className="dot" style={many ? { borderRadius: 5 } : undefined} />}
      {option.label}
    </button>
  );
  const role = many ? 'group' : 'radiogroup';
  if (options.length <= FEW) return <div className="opts" role={role} aria-label={label}>{options.map(row)}</div>;
  const names = f.names(chosen.map((c) => options.find((o) => o.value === c)?.label ?? String(c)));
  const found = options.filter((o) => o.label.toLowerCase().includes(word.trim().toLowerCase()));
  return (
    <div className="form-long">
      <button type="button" className="opt" aria-expanded={wide} onClick={() => setWide(!wide)}>
        <span className="clip">{names || t('choose')}</span><Icon name={wide ? 'up' : 'down'} size={18} className="end" />
      </button>
      {wide ? (
        <>
          <input className="in48" type="search" aria-label={`${t('search')} ${label}`} placeholder={t('search')} value={word} onChange={(e) => setWord(e.target.value)} />
          <div className="opts form-options" role={role} aria-label={label}>
            {found.slice(0, DRAWN).map(row)}
            {found.length === 0 ? <p className="hint">{t('noMatch')}</p> : null}
            {found.length > DRAWN ? <p className="hint">{t('more', { count: found.length - DRAWN })}</p> : null}
          </div>
        </>
      ) : null}
    </div>
  );
}

export function Place({ value, onChange }: Omit<InputProps, 'label'>) {
  const t = useT(formText);
  const position = usePosition();
  const [blind, setBlind] = useState(false);
  const at = value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as { lng?: number; lat?: number; accuracy_m?: number }) : null;
  const written = { lat: (at?.lat ?? 0).toFixed(5), lng: (at?.lng ?? 0).toFixed(5) };
  const take = () => {
    const fix = freshFix();
    setBlind(!fix);
    if (fix) onChange({ lng: fix.at[0], lat: fix.at[1], accuracy_m: Math.round(fix.accuracy_m) });
  };
  return (
    <div className="form-place">
      {at ? <output>{at.accuracy_m === undefined ? t('placePlain', written) : t('place', { ...written, m: at.accuracy_m })}</output> : null}
      <button type="button" className="chipbtn" onClick={take}><Icon name="target" size={18} />{t(at ? 'hereAgain' : 'here')}</button>
      {blind && !position.fix ? <p className="err" role="alert"><Icon name="warn" size={16} />{t('noFix')}</p> : null}
    </div>
  );
}

/** A code is typed, and scanned where the browser can. */
export function Barcode({ value, label, onChange }: InputProps) {
  const t = useT(formText);
  const [scanning, setScanning] = useState(false);
  return (
    <div className="form-code">
      <TextInput value={value} label={label} max={200} onChange={onChange} />
      {Detecting ? <button type="button" className="chipbtn" onClick={() => setScanning(!scanning)}><Icon name="camera" size={18} />{t(scanning ? 'scanStop' : 'scan')}</button> : null}
      {scanning ? <Scanner onCode={(code) => { setScanning(false); onChange(code); }} onEnd={() => setScanning(false)} /> : null}
    </div>
  );
}

