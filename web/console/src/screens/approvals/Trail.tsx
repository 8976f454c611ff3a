import type { ApprovalPage, FlowNode, TrailLine } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Icon, type IconName } from '@tashi/shared/ui';
import { TrailFiles } from './Attach';
import { approvalText } from './text';

const LOOK: Record<string, { icon: IconName; tone: string }> = {
  submitted: { icon: 'send', tone: 'fg-accent' }, asked: { icon: 'clock', tone: 'm3' }, approved: { icon: 'okCircle', tone: 'fg-visit' }, completed: { icon: 'okCircle', tone: 'fg-visit' },
  rejected: { icon: 'xCircle', tone: 'fg-problem' }, rejected_by_time: { icon: 'xCircle', tone: 'fg-problem' }, returned: { icon: 'undo', tone: 'fg-late' }, returned_to_step: { icon: 'undo', tone: 'fg-late' },
  urged: { icon: 'bell', tone: 'fg-late' }, reminded: { icon: 'bell', tone: 'm3' }, commented: { icon: 'message', tone: 'm2' }, copied: { icon: 'send', tone: 'm3' }, withdrawn: { icon: 'minus', tone: 'm2' },
};

function lanesOf(nodes: readonly FlowNode[], id: string): { name?: string; when?: string }[] {
  for (const node of nodes) {
    if (!('lanes' in node)) continue;
    if (node.id === id) return node.lanes;
    for (const lane of node.lanes) {
      const found = lanesOf(lane.nodes, id);
      if (found.length) return found;
    }
  }
  return [];
}

/** What happened, in order. */
export function Trail({ page }: { page: ApprovalPage }) {
  return <ol className="trail">{page.trail.map((one) => <Line key={one.seq} line={one} page={page} />)}</ol>;
}

function Line({ line, page }: { line: TrailLine; page: ApprovalPage }) {
  const t = useT(approvalText);
  const format = useFormat();
  const look = LOOK[line.what] ?? { icon: 'info' as const, tone: 'm3' };
  const key = `trail.${line.what}`;
  const lane = line.node && line.lane !== null ? lanesOf(page.doc.nodes, line.node)[line.lane]?.name || t('lane', { n: line.lane + 1 }) : '';
  const words = key in approvalText.zh ? t(key as 'trail.asked', { person: line.person?.name ?? '', to: line.to?.name ?? '', lane }) : line.what;
  const node = line.node ? page.nodes[line.node] : '';
  return (
    <li>
      <Icon name={look.icon} size={15} className={look.tone} />
      <div className="sp">
        <p><span>{words}</span>{line.instead_of ? <span className="m3 s12"> · {t('instead', { name: line.instead_of.name })}</span> : null}{node ? <span className="m3 s12"> · {node}</span> : null}</p>
        {line.comment ? <p className="trail-comment">{line.comment}</p> : null}
        <TrailFiles files={line.files} />
      </div>
      <time className="s12 m3 nw" dateTime={line.at}>{format.dateTime(line.at)}</time>
    </li>
  );
}
