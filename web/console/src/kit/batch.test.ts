// @vitest-environment jsdom
import { ApiProblem } from '@tashi/shared/api';
import { act, createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { expect, it } from 'vitest';
import { runBatch } from './batch';
import { useJobs, type Job } from './jobs';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
let jobs: readonly Job[] = [];
function Watch() {
  jobs = useJobs();
  return null;
}

it('names what failed and goes on with the rest', async () => {
  const outcome = await runBatch('改等级', ['a', 'b', 'c'], async (row) => {
    if (row === 'b') throw new ApiProblem(409, { code: 'conflict', title: '已被别人修改' });
    return row.toUpperCase();
  });
  expect(outcome.changed.map((one) => one.after)).toEqual(['A', 'C']);
  expect(outcome.failed).toEqual([{ row: 'b', reason: '已被别人修改' }]);
  expect(outcome.stopped).toBe(false);
});

it('shows how far it is and can be stopped between two rows', async () => {
  await act(async () => createRoot(document.createElement('div')).render(createElement(Watch)));
  let next = () => {};
  let work: ReturnType<typeof runBatch<number, number>> | undefined;
  await act(async () => {
    work = runBatch('归档', [1, 2, 3, 4], (row) => new Promise((done) => { next = () => done(row); }));
  });
  await act(async () => next());
  expect(jobs[0]).toMatchObject({ title: '归档', state: 'running', progress: 0.25 });
  await act(async () => { jobs[0]?.stop?.(); next(); });
  const outcome = await work!;
  expect(outcome.stopped).toBe(true);
  expect(outcome.changed.map((one) => one.row)).toEqual([1, 2]);
});
