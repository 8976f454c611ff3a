import { useQuery, useQueryClient } from '@tanstack/react-query';
import { api, useStreamEvent, useStreamStatus, type Id, type LiveBoard, type LivePerson } from '@tashi/shared/api';
import { serverNow } from '@tashi/shared/i18n';
import { useEffect, useRef } from 'react';
import { mergePeople } from './board';

/**
 * The live board of a department, kept fresh by the stream. Every read is written to the ledgers of those who are read, so
 * it is fetched once and again only after the stream was lost.
 */
export function useLiveBoard(department: Id | undefined) {
  const client = useQueryClient();
  const key = ['live', department ?? 'all'];
  const board = useQuery({
    queryKey: key,
    queryFn: () => api.get<LiveBoard>('/live', { query: { department_id: department } }),
    staleTime: Infinity,
    refetchOnWindowFocus: false,
    placeholderData: (old) => old,
  });

  // Many events inside one frame become one change.
  const waiting = useRef(new Map<Id, LivePerson>());
  const frame = useRef(0);
  useStreamEvent('live', ({ people }) => {
    for (const person of people) waiting.current.set(person.employee.id, person);
    frame.current ||= requestAnimationFrame(() => {
      frame.current = 0;
      const changed = waiting.current;
      waiting.current = new Map();
      client.setQueryData<LiveBoard>(key, (old) => old && mergePeople(old, changed, new Date(serverNow()).toISOString()));
    });
  });
  useEffect(() => () => cancelAnimationFrame(frame.current), []);

  const { state } = useStreamStatus();
  const before = useRef(state);
  const { refetch } = board;
  useEffect(() => {
    if (before.current === 'lost' && state === 'live') void refetch();
    before.current = state;
  }, [state, refetch]);

  return board;
}
