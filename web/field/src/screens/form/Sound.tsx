import type { Value } from '@tashi/shared/forms/index.ts';
import { useT } from '@tashi/shared/i18n';
import { Recorder } from '../visit/Recorder.tsx';
import { Recordings } from '../visit/Recordings.tsx';
import { useOpenForm } from './context.ts';
import { formText } from './text.ts';

/** A recording as the answer of a question. */
export function Sound({ value, label, onChange }: { value: Value; label: string; onChange: (value: Value) => void }) {
  const t = useT(formText);
  const { visit, step } = useOpenForm();
  if (!visit || !step) return null;
  if (typeof value === 'string') {
    return <><Recordings visit={visit} ids={[value]} /><button type="button" className="chipbtn" onClick={() => onChange(null)}>{t('recordAgain')}</button></>;
  }
  return <Recorder visit={visit} step={step} label={label} onKept={onChange} />;
}
