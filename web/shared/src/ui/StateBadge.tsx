import type { ReactNode } from 'react';
import type { FenceVerdict, LiveState, TaskStatus } from '../api/schema';
import { commonText, useT } from '../i18n';
import { Icon } from './Icon';
import type { IconName } from './iconPaths';

/** Colours a badge can have; each stands for one meaning everywhere. */
export type Tone = 'moving' | 'visit' | 'idle' | 'late' | 'problem' | 'silent' | 'accent';

/** Icon and colour of each state of a person; the word comes from `commonText`. */
export const STATE_LOOK: Record<LiveState | 'problem', { icon: IconName; tone: Tone }> = {
  moving: { icon: 'navigateFilled', tone: 'moving' },
  visit: { icon: 'store', tone: 'visit' },
  idle: { icon: 'cup', tone: 'idle' },
  late: { icon: 'clock', tone: 'late' },
  problem: { icon: 'warn', tone: 'problem' },
  silent: { icon: 'noSignal', tone: 'silent' },
  not_started: { icon: 'flag', tone: 'idle' },
  off_duty: { icon: 'bed', tone: 'silent' },
};

export const VERDICT_LOOK: Record<FenceVerdict, { icon: IconName; tone: Tone }> = {
  in: { icon: 'okCircle', tone: 'visit' },
  cannot_tell: { icon: 'unknownCircle', tone: 'late' },
  out: { icon: 'xCircle', tone: 'problem' },
};

export const TASK_LOOK: Record<TaskStatus, { icon: IconName; tone: Tone }> = {
  new: { icon: 'task', tone: 'idle' },
  accepted: { icon: 'check', tone: 'idle' },
  on_the_way: { icon: 'navigateFilled', tone: 'moving' },
  on_site: { icon: 'store', tone: 'visit' },
  done: { icon: 'okCircle', tone: 'visit' },
  skipped: { icon: 'next', tone: 'silent' },
  cancelled: { icon: 'xCircle', tone: 'silent' },
  overdue: { icon: 'clock', tone: 'late' },
};

export type RecordState = 'local' | 'waiting' | 'uploading' | 'synced' | 'problem';
export const RECORD_LOOK: Record<RecordState, { icon: IconName; tone: Tone }> = {
  local: { icon: 'check', tone: 'idle' },
  waiting: { icon: 'cloudUp', tone: 'moving' },
  uploading: { icon: 'cloudUp', tone: 'moving' },
  synced: { icon: 'cloudOk', tone: 'visit' },
  problem: { icon: 'warn', tone: 'problem' },
};

/** Pill of icon and word on a soft ground. */
export function Badge({ tone, icon, children }: { tone: Tone; icon?: IconName; children: ReactNode }) {
  return (
    <span className={`st ${tone}`}>
      {icon ? <Icon name={icon} size={14} weight={2} /> : null}
      {children}
    </span>
  );
}

/** The same meaning without a ground, for table cells: icon and word in the state's colour. */
export function StateText({ tone, icon, children }: { tone: Tone; icon: IconName; children: ReactNode }) {
  return (
    <span className={`row g4 w5 nw fg-${tone}`} style={{ display: 'inline-flex' }}>
      <Icon name={icon} size={14} weight={2} />
      {children}
    </span>
  );
}

/** State of a person now. `detail` follows the word: 在访 14 分. */
export function StateBadge({ state, detail }: { state: LiveState | 'problem'; detail?: ReactNode }) {
  const t = useT(commonText);
  const look = STATE_LOOK[state];
  return (
    <Badge tone={look.tone} icon={look.icon}>
      {t(`state.${state}`)}
      {detail ? <> {detail}</> : null}
    </Badge>
  );
}

/** Answer of the fence: inside, outside or cannot tell. */
export function VerdictBadge({ verdict, detail }: { verdict: FenceVerdict; detail?: ReactNode }) {
  const t = useT(commonText);
  const look = VERDICT_LOOK[verdict];
  return (
    <Badge tone={look.tone} icon={look.icon}>
      {t(`verdict.${verdict}`)}
      {detail ? <> {detail}</> : null}
    </Badge>
  );
}

export function TaskBadge({ status }: { status: TaskStatus }) {
  const t = useT(commonText);
  const look = TASK_LOOK[status];
  return (
    <Badge tone={look.tone} icon={look.icon}>
      {t(`task.${status}`)}
    </Badge>
  );
}

/** Where a record of the phone is: on the phone, on its way, on the server. */
export function RecordBadge({ state }: { state: RecordState }) {
  const t = useT(commonText);
  const look = RECORD_LOOK[state];
  return (
    <Badge tone={look.tone} icon={look.icon}>
      {t(`record.${state}`)}
    </Badge>
  );
}
