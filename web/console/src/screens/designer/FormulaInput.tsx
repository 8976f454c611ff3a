import type { SpecFault } from '@tashi/shared/api';
import { Fault, FUNCTIONS, compile, type Field, type FormSpec } from '@tashi/shared/forms/index.ts';
import { said } from '@tashi/shared/forms/said.ts';
import { useLanguage, useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { useId, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { useCustomFields } from '../custom/useCustomFields';
import { designerText } from './text';

/** A fault in the words of the person who designs. */
export function useFaultWords(): (fault: Pick<SpecFault, 'code' | 'at' | 'word'>) => string {
  const t = useT(designerText);
  return ({ code, at, word }) => {
    const key = `fault.${code}`;
    const words = key in designerText.zh ? t(key as 'fault.empty', { word }) : t('faultElse', { code, word });
    return at > 0 ? t('faultAt', { at: at + 1, fault: words }) : words;
  };
}

interface Proposal {
  /** What is put in. */
  text: string;
  words: string;
}

/** The word under the cursor, with its dots: `form.bo`. */
function wordBefore(text: string, at: number): string {
  return /[a-z_][\w.]*$/i.exec(text.slice(0, at))?.[0] ?? '';
}

export interface FormulaInputProps {
  label: string;
  value: string;
  spec: FormSpec;
  /** Of a column: the table it stands in. */
  table?: Field;
  /** What it may name beside fields and functions. */
  more?: readonly string[];
  hint?: string;
  disabled?: boolean;
  onChange(next: string): void;
}

/** A formula with its fault at once, and the fields and functions it may name. */
export function FormulaInput({ label, value, spec, table, more, hint, disabled, onChange }: FormulaInputProps) {
  const t = useT(designerText);
  const language = useLanguage();
  const words = useFaultWords();
  const id = useId();
  const input = useRef<HTMLTextAreaElement>(null);
  const [cursor, setCursor] = useState<number | null>(null);
  const [chosen, setChosen] = useState(0);
  const inner = table?.type === 'table' ? table.fields : [];
  const own = useCustomFields('customer');
  const tasks = useCustomFields('task');
  const all = useMemo((): Proposal[] => [
    ...inner.map((f) => ({ text: `row.${f.key}`, words: said(f.label, language) })),
    ...spec.fields.filter((f) => f.type !== 'note').map((f) => ({ text: `form.${f.key}`, words: said(f.label, language) })),
    ...['name', 'grade', 'class', 'code', 'status'].map((one) => ({ text: `customer.${one}`, words: '' })),
    ...own.fields.map((one) => ({ text: `customer.${one.key}`, words: said(one.label, language) })),
    ...(more ? [] : ['title']).map((one) => ({ text: `task.${one}`, words: '' })),
    ...(more ? [] : tasks.fields).map((one) => ({ text: `task.${one.key}`, words: said(one.label, language) })),
    ...(more ?? ['user.name', 'user.department']).map((one) => ({ text: one, words: '' })),
    { text: 'today', words: '' },
    ...FUNCTIONS.map((one) => ({ text: `ff.${one}(`, words: '' })),
  ], [spec, inner, more, own, tasks, language]);
  const word = cursor === null ? '' : wordBefore(value, cursor);
  const found = word.length > 0 ? all.filter((one) => one.text.startsWith(word) && one.text !== word || (one.words !== '' && one.words.toLowerCase().includes(word.toLowerCase()))).slice(0, 8) : [];
  const fault = useMemo(() => {
    if (value.trim() === '') return null;
    try {
      compile(value, { form: new Set(spec.fields.map((f) => f.key)), row: new Set(inner.map((f) => f.key)) });
      return null;
    } catch (error) {
      return error instanceof Fault ? { code: error.code, at: error.at, word: error.word } : null;
    }
  }, [value, spec, inner]);
  // With the text itself, not a frame later: what is typed on at once would be written in front of the caret.
  const caret = useRef<number | null>(null);
  useLayoutEffect(() => {
    if (caret.current === null) return;
    input.current?.focus();
    input.current?.setSelectionRange(caret.current, caret.current);
    caret.current = null;
  }, [value]);
  const put = (proposal: Proposal) => {
    const at = cursor ?? value.length;
    const next = value.slice(0, at - word.length) + proposal.text + value.slice(at);
    onChange(next);
    setCursor(null);
    caret.current = at - word.length + proposal.text.length;
  };
  const keys = (event: KeyboardEvent) => {
    if (found.length === 0) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      setChosen((chosen + (event.key === 'ArrowDown' ? 1 : found.length - 1)) % found.length);
    } else if (event.key === 'Enter' || event.key === 'Tab') {
      event.preventDefault();
      put(found[Math.min(chosen, found.length - 1)]!);
    } else if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      setCursor(null);
    }
  };
  return (
    <div className="formula">
      <label className="stack">
        <span className="s12 m2">{label}</span>
        <textarea
          ref={input} className="plain-input mono" rows={1} spellCheck={false} disabled={disabled} maxLength={1000} value={value} placeholder={hint}
          role="combobox" aria-expanded={found.length > 0} aria-controls={`${id}-list`} aria-autocomplete="list" aria-activedescendant={found.length > 0 ? `${id}-${Math.min(chosen, found.length - 1)}` : undefined}
          aria-invalid={fault ? true : undefined} aria-describedby={fault ? `${id}-fault` : undefined}
          onChange={(e) => { onChange(e.target.value); setCursor(e.target.selectionStart); setChosen(0); }}
          onKeyDown={keys} onBlur={() => setCursor(null)}
        />
      </label>
      <ul id={`${id}-list`} className="formula-list" role="listbox" aria-label={t('formulaFields')} hidden={found.length === 0}>
        {found.map((one, k) => (
          <li key={one.text} id={`${id}-${k}`} role="option" aria-selected={k === Math.min(chosen, found.length - 1)} onMouseDown={(e) => { e.preventDefault(); put(one); }}>
            <span className="mono">{one.text}</span> <span className="m3 s12">{one.words}</span>
          </li>
        ))}
      </ul>
      {fault ? <p id={`${id}-fault`} className="s12 fg-problem" role="alert"><Icon name="warn" size={13} /> {words(fault)}</p> : null}
    </div>
  );
}
