import { useT } from '@tashi/shared/i18n';
import { SkeletonRows, toast } from '@tashi/shared/ui';
import { Select } from 'antd';
import { useMemo } from 'react';
import { useCan } from '../../app/session';
import { Modal } from '../../kit/Modal';
import { ProblemView } from '../../kit/ProblemView';
import { dispatchText } from './text';
import { useSaveSkills, useSkills } from './useDispatch';

/** Who can do what, in the company's own words. */
export function SkillsDialog({ onClose }: { onClose(): void }) {
  const t = useT(dispatchText);
  const canWrite = useCan('org.write');
  const people = useSkills();
  const save = useSaveSkills();
  const known = useMemo(() => [...new Set(people.data?.flatMap((one) => one.skills) ?? [])].sort().map((value) => ({ value, label: value })), [people.data]);
  return (
    <Modal title={t('skillsTitle')} width={560} onClose={onClose} foot={<button type="button" className="btn" onClick={onClose}>{t('close')}</button>}>
      <div className="dispatch-form">
        <p className="m2">{t('skillsDetail')}</p>
        {people.error ? <ProblemView error={people.error} onRetry={() => void people.refetch()} /> : null}
        {save.error ? <ProblemView error={save.error} compact /> : null}
        {people.isPending ? <SkeletonRows rows={6} height={40} /> : null}
        <ul className="dispatch-skills">
          {people.data?.map((one) => (
            <li key={one.employee.id}>
              <span><b>{one.employee.name}</b><small className="m3"> {one.department.name}</small></span>
              <Select
                mode="tags" aria-label={t('skillsFor', { name: one.employee.name })} disabled={!canWrite} value={one.skills} options={known} maxCount={20} placeholder={t('skillsNone')} tokenSeparators={[',', '，', '、']}
                onChange={(skills: string[]) => save.mutate({ employee: one.employee.id, skills }, { onSuccess: () => toast(t('skillsSaved', { name: one.employee.name })) })}
              />
            </li>
          ))}
        </ul>
      </div>
    </Modal>
  );
}
