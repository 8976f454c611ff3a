import { useMutation } from '@tanstack/react-query';
import type { CustomNoun } from '@tashi/shared/api';
import { commonText, useT } from '@tashi/shared/i18n';
import { toast } from '@tashi/shared/ui';
import { useState } from 'react';
import { ProblemView } from '../../kit/ProblemView';
import { CustomFacts } from './CustomFacts';
import { CustomInputs, useCustomAnswers } from './CustomInputs';
import { customText } from './text';
import { useCustomFields } from './useCustomFields';

/** The company's own fields of something that has no form of its own: read, and changed in place. */
export function CustomSection({ noun, answers, canWrite, save }: { noun: CustomNoun; answers: Record<string, unknown>; canWrite: boolean; save(changed: Record<string, unknown>): Promise<void> }) {
  const t = useT(customText);
  const spec = useCustomFields(noun);
  const [writing, setWriting] = useState(false);
  if (spec.fields.length === 0) return null;
  if (writing) return <Writing noun={noun} answers={answers} save={save} onClose={() => setWriting(false)} />;
  return (
    <div className="custom-section">
      <CustomFacts spec={spec} answers={answers} />
      {canWrite ? <button type="button" className="btn link sm" onClick={() => setWriting(true)}>{t('changeOwn')}</button> : null}
    </div>
  );
}

function Writing({ noun, answers, save, onClose }: { noun: CustomNoun; answers: Record<string, unknown>; save(changed: Record<string, unknown>): Promise<void>; onClose(): void }) {
  const t = useT(customText);
  const common = useT(commonText);
  const own = useCustomAnswers(useCustomFields(noun), answers);
  const keep = useMutation({ mutationFn: () => save(own.changed), onSuccess: () => { toast(t('saved')); onClose(); } });
  return (
    <div className="custom-section">
      <CustomInputs own={own} onTouched={() => undefined} />
      {keep.error ? <ProblemView error={keep.error} compact /> : null}
      <span className="row g6">
        <button type="button" className="btn sm pri" disabled={keep.isPending} onClick={() => { if (own.check()) keep.mutate(); }}>{common('save')}</button>
        <button type="button" className="btn sm" onClick={onClose}>{common('cancel')}</button>
      </span>
    </div>
  );
}
