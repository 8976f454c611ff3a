import type { FlowFault, FlowNode, FlowWho, SubjectField } from '@tashi/shared/api';
import { said } from '@tashi/shared/forms/said.ts';
import { useLanguage, useT } from '@tashi/shared/i18n';
import type { IconName } from '@tashi/shared/ui';
import { useActiveEmployees, useRoles } from '../../kit/refs';
import { inUnit } from './flow';
import { flowText } from './text';

export const NODE_ICON: Record<FlowNode['kind'], IconName> = { approve: 'stamp', copy: 'send', branch: 'grid', parallel: 'columns' };

/** A node as a line of words: who is asked, within what time. */
export function useNodeWords(fields: readonly SubjectField[]) {
  const t = useT(flowText);
  const language = useLanguage();
  const roles = useRoles().data;
  const people = useActiveEmployees().data;
  const who = (w: FlowWho): string => {
    if (w.by === 'heads') return t(w.up_to && w.level > 1 ? 'say.headsUpTo' : 'say.heads', { level: w.level });
    if (w.by === 'role') return t('say.role', { name: roles?.find((one) => one.id === w.role)?.name ?? '…' });
    if (w.by === 'chosen') return t('say.chosen', { most: w.most });
    if (w.by === 'field') return t('say.field', { name: said(fields.find((one) => one.key === w.field)?.label, language) || w.field });
    return w.people.length ? t('say.named', { names: w.people.map((id) => people?.find((one) => one.id === id)?.name ?? '…').join(language === 'en' ? ', ' : '、') }) : t('say.namedNone');
  };
  const title = (node: FlowNode): string => node.name?.trim() || t(`kind.${node.kind}`);
  const detail = (node: FlowNode): string => {
    if ('lanes' in node) return t(node.kind === 'branch' ? 'lanesCount' : 'lanesCountParallel', { count: node.lanes.length });
    return who(node.who);
  };
  const limit = (node: FlowNode): string | null => {
    if (node.kind !== 'approve' || !node.limit) return null;
    const { n, unit } = inUnit(node.limit.minutes);
    return t('say.limit', { n, unit: t(`unit.${unit}`), then: t(`then.${node.limit.then}`) });
  };
  return { who, title, detail, limit };
}

/** A fault in the words of the person who draws. */
export function useFlowFaultWords(): (fault: FlowFault) => string {
  const t = useT(flowText);
  return ({ code, at, word, part }) => {
    const key = `fault.${code}`;
    const words = key in flowText.zh ? t(key as 'fault.missing', { word }) : t('faultElse', { code, word });
    const [first, k] = part.split('.');
    const name = `part.${first}`;
    const place = k !== undefined ? t('laneOf', { n: Number(k) + 1 }) : name in flowText.zh ? t(name as 'part.who') : part;
    return `${place}: ${at > 0 ? t('faultAt', { at: at + 1, fault: words }) : words}`;
  };
}
