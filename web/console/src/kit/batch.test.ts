// @vitest-environment jsdom
import { ApiProblem, api } from '@tashi/shared/api';
import { act, createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { beforeEach, expect, it, vi } from 'vitest';
import { runBatch, type Batch } from './batch';
import { leaveJobs, resumeJobs, useJobs, type Job } from './jobs';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
let Problem = ApiProblem;
let jobs: readonly Job[] = [];
function Watch() {
  jobs = useJobs();
  return null;
}

/** A server of rows with versions; `before` and `after` a change may throw, as a network does. */
function server(names: string[], line: { before?: (id: string) => void; after?: (id: string) => void } = {}) {
  const rows = new Map(names.map((id) => [id, { id, version: 1, owner: { id: 'old' }, changes: 0 }]));
  vi.spyOn(api, 'patch').mockImplementation(async (_path, body, options) => {
    const row = rows.get(options?.params?.id ?? '')!;
    line.before?.(row.id);
    if (options?.version !== row.version) throw new Problem(409, { code: 'version.conflict', title: '已被别人修改' });
    Object.assign(row, { version: row.version + 1, owner: { id: (body as { owner_id: string }).owner_id }, changes: row.changes + 1 });
    line.after?.(row.id);
    return structuredClone(row);
  });
  vi.spyOn(api, 'get').mockImplementation(async (_path, options) => structuredClone(rows.get(options?.params?.id ?? '')!));
  return rows;
}

function batch(names: string[]): Batch {
  const items = names.map((id) => ({ id, name: id, version: 1, change: { owner_id: 'new' }, before: { owner_id: 'old' } }));
  return { title: '改负责人', path: '/customers/{id}', unit: 'customers', lists: ['customers'], items };
}

beforeEach(async () => {
  localStorage.clear();
  vi.restoreAllMocks();
  await act(async () => createRoot(document.createElement('div')).render(createElement(Watch)));
});

it('names what failed and goes on with the rest', async () => {
  const rows = server(['a', 'b', 'c']);
  rows.get('b')!.version = 7;
  await act(async () => { await runBatch(batch(['a', 'b', 'c'])); });
  expect([...rows.values()].map((row) => row.owner.id)).toEqual(['new', 'old', 'new']);
  expect(jobs[0]).toMatchObject({ state: 'done', note: 'b (已被别人修改)' });
});

it('shows how far it is and can be stopped between two rows', async () => {
  let go = () => {};
  const rows = server(['a', 'b', 'c', 'd'], {});
  const answer = vi.mocked(api.patch).getMockImplementation()!;
  vi.mocked(api.patch).mockImplementation(async (...call) => {
    await new Promise<void>((done) => { go = done; });
    return answer(...call);
  });
  let work: Promise<Job> | undefined;
  await act(async () => { work = runBatch(batch(['a', 'b', 'c', 'd'])); });
  await act(async () => go());
  expect(jobs[0]).toMatchObject({ title: '改负责人', state: 'running', progress: 0.25 });
  await act(async () => { jobs[0]?.stop?.(); go(); await work; });
  expect(jobs[0]?.state).toBe('stopped');
  expect([...rows.values()].map((row) => row.changes)).toEqual([1, 1, 0, 0]);
});

it('waits for a lost network and changes nothing twice when the answer was lost', async () => {
  vi.useFakeTimers();
  let cuts = 0;
  const rows = server(['a', 'b'], { after: () => { cuts += 1; if (cuts === 1) throw ApiProblem.network(); } });
  const work = runBatch(batch(['a', 'b']));
  await act(async () => { await vi.runAllTimersAsync(); await work; });
  vi.useRealTimers();
  expect([...rows.values()].map((row) => row.changes)).toEqual([1, 1]);
  expect(jobs[0]).toMatchObject({ state: 'done' });
  expect(jobs[0]?.note).toBeUndefined();
});

it('stops with the sign-in, and goes on for the same person', async () => {
  resumeJobs('minmin');
  let go = () => {};
  const rows = server(['a', 'b', 'c']);
  const answer = vi.mocked(api.patch).getMockImplementation()!;
  vi.mocked(api.patch).mockImplementation(async (...call) => {
    await new Promise<void>((done) => { go = done; });
    return answer(...call);
  });
  await act(async () => { void runBatch(batch(['a', 'b', 'c'])); });
  await vi.waitFor(() => expect(api.patch).toHaveBeenCalledTimes(1));
  await act(async () => { leaveJobs(); go(); await new Promise((done) => setTimeout(done, 20)); });
  expect(jobs).toEqual([]);
  expect([...rows.values()].map((row) => row.changes)).toEqual([1, 0, 0]);
  vi.mocked(api.patch).mockImplementation(answer);
  await act(async () => { resumeJobs('minmin'); await new Promise((done) => setTimeout(done, 50)); });
  expect([...rows.values()].map((row) => row.changes)).toEqual([1, 1, 1]);
  leaveJobs();
});

it.each([
  ['the sign-in', () => leaveJobs()],
  ['a stop', () => jobs[0]?.stop?.()],
])('sends nothing more after the end of %s, also when the answer on its way is lost', async (_, end) => {
  vi.useFakeTimers();
  resumeJobs('minmin');
  server(['a', 'b']);
  let lose = () => {};
  vi.mocked(api.patch).mockImplementation(() => new Promise((_done, refuse) => { lose = () => refuse(ApiProblem.network()); }));
  await act(async () => { void runBatch(batch(['a', 'b'])); });
  expect(api.patch).toHaveBeenCalledTimes(1);
  await act(async () => { end(); lose(); await vi.runAllTimersAsync(); });
  expect(api.patch).toHaveBeenCalledTimes(1);
  expect(jobs.some((job) => job.state === 'running')).toBe(false);
  leaveJobs();
  vi.useRealTimers();
});

it('ends what one person began when another signs in', async () => {
  resumeJobs('minmin');
  let go = () => {};
  const rows = server(['a', 'b']);
  const answer = vi.mocked(api.patch).getMockImplementation()!;
  vi.mocked(api.patch).mockImplementation(async (...call) => {
    await new Promise<void>((done) => { go = done; });
    return answer(...call);
  });
  await act(async () => { void runBatch(batch(['a', 'b'])); });
  await act(async () => { resumeJobs('somebody else'); go(); await new Promise((done) => setTimeout(done, 20)); });
  expect(api.patch).toHaveBeenCalledTimes(1);
  expect([...rows.values()].map((row) => row.changes)).toEqual([1, 0]);
  expect(jobs).toEqual([]);
  leaveJobs();
});

it('goes on after the page was loaded anew, exactly once and for the same person only', async () => {
  // What the page does by itself is not waited for.
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: false });
  resumeJobs('minmin');
  // The page goes while the answer for the second row is on its way: it never comes.
  const rows = server(['a', 'b', 'c']);
  const answer = vi.mocked(api.patch).getMockImplementation()!;
  vi.mocked(api.patch).mockImplementation(async (...call) => {
    const row = await answer(...call);
    return call[2]?.params?.id === 'b' ? new Promise(() => {}) : row;
  });
  await act(async () => { void runBatch(batch(['a', 'b', 'c'])); await Promise.resolve(); });
  await vi.waitFor(() => expect(rows.get('b')!.changes).toBe(1));
  vi.resetModules();
  const [next, { runBatch: _ }] = await Promise.all([import('./jobs'), import('./batch')]);
  const { api: line, ApiProblem: Anew } = await import('@tashi/shared/api');
  Problem = Anew;
  vi.spyOn(line, 'patch').mockImplementation(answer);
  vi.spyOn(line, 'get').mockImplementation(async (_path, options) => structuredClone(rows.get(options?.params?.id ?? '')!));
  next.resumeJobs('somebody else');
  await new Promise((done) => setTimeout(done, 20));
  expect(rows.get('c')!.changes).toBe(0);
  next.resumeJobs('minmin');
  await vi.waitFor(() => expect(Object.keys(localStorage).filter((key) => key.startsWith('tashi.job'))).toEqual([]));
  expect([...rows.values()].map((row) => [row.changes, row.owner.id])).toEqual([[1, 'new'], [1, 'new'], [1, 'new']]);
});

it('sends what names where it was seen again after a lost answer, and offers no way back where there is none', async () => {
  vi.useFakeTimers();
  let sent = 0;
  const post = vi.spyOn(api, 'post').mockImplementation(async () => {
    sent += 1;
    if (sent === 1) throw ApiProblem.network();
    return { version: 3 };
  });
  const read = vi.spyOn(api, 'get');
  const items = ['a', 'b'].map((id) => ({ id, name: id, change: { reason: '客户改期' } }));
  const work = runBatch({ title: '取消任务', path: '/tasks/{id}/cancel', method: 'post', unit: 'tasks', lists: ['tasks'], items });
  await act(async () => { await vi.runAllTimersAsync(); await work; });
  vi.useRealTimers();
  expect(post.mock.calls.map((call) => call[2])).toEqual([{ params: { id: 'a' }, version: undefined }, { params: { id: 'a' }, version: undefined }, { params: { id: 'b' }, version: undefined }]);
  expect(read).not.toHaveBeenCalled();
  expect(jobs[0]).toMatchObject({ state: 'done' });
});
