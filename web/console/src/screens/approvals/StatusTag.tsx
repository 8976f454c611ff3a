import type { ApprovalStatus } from '@tashi/shared/api';
import { useT } from '@tashi/shared/i18n';
import { Icon, type IconName } from '@tashi/shared/ui';
import { approvalText } from './text';

const LOOK: Record<ApprovalStatus, { tone: string; icon: IconName }> = {
  running: { tone: 'moving', icon: 'clock' }, returned: { tone: 'late', icon: 'undo' }, approved: { tone: 'visit', icon: 'okCircle' }, rejected: { tone: 'problem', icon: 'xCircle' }, withdrawn: { tone: 'silent', icon: 'minus' },
};

/** How a case stands, in word, sign and colour. */
export function StatusTag({ status }: { status: ApprovalStatus }) {
  const t = useT(approvalText);
  const look = LOOK[status];
  return <span className={`st ${look.tone}`}><Icon name={look.icon} size={13} weight={2} />{t(`status.${status}`)}</span>;
}
