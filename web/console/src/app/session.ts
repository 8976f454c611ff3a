import { queryOptions, useSuspenseQuery } from '@tanstack/react-query';
import { api, stream, type Me, type Permission, type SetupState } from '@tashi/shared/api';
import { setServerTime, setTimeZone } from '@tashi/shared/i18n';
import { leaveJobs } from '../kit/jobs';
import { queryClient } from './queryClient';

/** Who is signed in, in which company, with which rights. Always loaded inside the shell. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: async () => {
    const me = await api.get<Me>('/me');
    adopt(me);
    return me;
  },
  staleTime: 60_000,
});

export const setupQuery = queryOptions({
  queryKey: ['setup'],
  queryFn: () => api.get<SetupState>('/setup'),
  staleTime: 60_000,
});

const HINT = 'tashi.session';

/**
 * Whether this browser may hold a session. The cookie itself cannot be read, so sign-in leaves a mark; without it the first
 * page goes to sign-in at once instead of asking the server for a refusal. Blocked storage counts as maybe.
 */
export function mayBeSignedIn(): boolean {
  try {
    return localStorage.getItem(HINT) !== null;
  } catch {
    return true;
  }
}

function mark(signedIn: boolean): void {
  try {
    if (signedIn) localStorage.setItem(HINT, '1');
    else localStorage.removeItem(HINT);
  } catch {
    // Then every start asks the server.
  }
}

function adopt(me: Me): void {
  mark(true);
  setTimeZone(me.company.time_zone);
  setServerTime(me.server_time);
}

/** Takes over a session that has just begun (sign-in, first set-up). */
export function beginSession(me: Me): void {
  queryClient.clear();
  adopt(me);
  queryClient.setQueryData(meQuery.queryKey, me);
}

/** Forgets everything of the session on this page. The server side ends with `POST /auth/logout`. */
export function endSession(): void {
  mark(false);
  leaveJobs();
  stream.stop();
  queryClient.clear();
}

/** The signed-in person; only for components inside the shell. */
export function useMe(): Me {
  return useSuspenseQuery(meQuery).data;
}

/** Whether the signed-in person may do this. Hide what is never possible, disable with a reason what is not possible now. */
export function useCan(permission: Permission): boolean {
  return useMe().permissions.includes(permission);
}
