// @vitest-environment jsdom
import { ApiProblem, api } from '@tashi/shared/api';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { queryClient } from '../../app/queryClient';
import { leaveJobs, resumeJobs } from '../../kit/jobs';
import { commitImport, countsKey } from './commit';

const INPUT = { id: 'one', kind: 'customers' as const, skipErrors: false, skipDuplicates: true };
const kept = () => Object.keys(localStorage).filter((key) => key.startsWith('tashi.job'));

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers();
  resumeJobs('minmin');
});

afterEach(() => {
  leaveJobs();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

it('waits for a lost network instead of failing now and writing later', async () => {
  const counts = { created: 3, updated: 0, skipped: 0 };
  const post = vi.spyOn(api, 'post').mockRejectedValueOnce(ApiProblem.network()).mockResolvedValueOnce(counts);
  const work = commitImport('导入客户', INPUT);
  await vi.advanceTimersByTimeAsync(1000);
  expect(await work).toMatchObject({ state: 'done', result: { href: '/customers' } });
  expect(post).toHaveBeenCalledTimes(2);
  expect(post).toHaveBeenLastCalledWith('/imports/{id}/commit', { skip_errors: false, skip_duplicates: true }, { params: { id: 'one' } });
  expect(queryClient.getQueryData(countsKey('one'))).toEqual(counts);
  expect(kept()).toEqual([]);
});

it('is forgotten when the server refuses it', async () => {
  const post = vi.spyOn(api, 'post').mockRejectedValue(new ApiProblem(422, { code: 'import.rows' }));
  const work = commitImport('导入客户', INPUT);
  await vi.advanceTimersByTimeAsync(1000);
  expect(await work).toMatchObject({ state: 'failed' });
  expect(post).toHaveBeenCalledTimes(1);
  expect(kept()).toEqual([]);
});
