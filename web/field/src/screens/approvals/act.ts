import { useEffect, useState } from 'react';
import { type ApprovalCounts, type ApprovalPage, type ApprovalRow, type NewAction, stream, toProblem } from '@tashi/shared/api';
import { newId } from '@tashi/shared/api/id.ts';
import { useLanguage, useT } from '@tashi/shared/i18n';
import { problemText, toast } from '@tashi/shared/ui';
import { type Cached, useCached } from '../../app/cached.ts';
import { client } from '../../app/session.ts';
import { approvalText } from './text.ts';

/** Fetches again when somebody was asked, told or answered. */
export function useApprovalNews(refresh: () => Promise<void>): void {
  useEffect(() => stream.on('notice', () => void refresh()), [refresh]);
}

/** How many cases wait for me. */
export function useApprovalCounts(): Cached<ApprovalCounts> {
  const counts = useCached('approvals/counts', () => client.get<ApprovalCounts>('/approvals/counts'));
  useApprovalNews(counts.refresh);
  return counts;
}

/** Does something to a case; it needs the network, so nothing is kept for later. Answers whether it was done. */
export function useAct(): { busy: boolean; act: (row: Pick<ApprovalRow, 'id' | 'version' | 'asks'>, action: NewAction['action'], words: string, comment?: string) => Promise<boolean> } {
  const t = useT(approvalText);
  const language = useLanguage();
  const [busy, setBusy] = useState(false);
  const act = async (row: Pick<ApprovalRow, 'id' | 'version' | 'asks'>, action: NewAction['action'], words: string, comment?: string) => {
    setBusy(true);
    try {
      const body: NewAction = { id: newId(), action, version: row.version, ask: row.asks[0]?.ask, comment };
      await client.post<ApprovalPage>('/approvals/{id}/actions', body, { params: { id: row.id } });
      toast(words);
      return true;
    } catch (error) {
      toast(t('failed', { why: problemText(toProblem(error), language).title }));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, act };
}
