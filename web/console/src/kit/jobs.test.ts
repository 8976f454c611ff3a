// @vitest-environment jsdom
import { act, createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { beforeEach, describe, expect, it } from 'vitest';
import { putAway, startJob, useJobs, type Job } from './jobs';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
let seen: readonly Job[] = [];

function Watch() {
  seen = useJobs();
  return null;
}

beforeEach(async () => {
  await act(async () => createRoot(document.createElement('div')).render(createElement(Watch)));
  await act(async () => { for (const job of seen) putAway(job.id); });
});

describe('long work', () => {
  it('goes on, tells how far it is, and keeps its result until it is put away', async () => {
    let finish = () => {};
    let work: Promise<Job> | undefined;
    await act(async () => {
      work = startJob({
        title: '导出客户',
        run: ({ progress }) => new Promise((resolve) => {
          progress(0.4);
          finish = () => resolve({ href: '/customers' });
        }),
      });
    });
    expect(seen[0]).toMatchObject({ title: '导出客户', state: 'running', progress: 0.4 });
    await act(async () => putAway(seen[0]?.id ?? 0));
    expect(seen).toHaveLength(1);
    await act(async () => { finish(); await work; });
    expect(seen[0]).toMatchObject({ state: 'done', result: { href: '/customers' } });
    await act(async () => putAway(seen[0]?.id ?? 0));
    expect(seen).toHaveLength(0);
  });

  it('is stopped by the person without counting as a failure', async () => {
    let work: Promise<Job> | undefined;
    await act(async () => {
      work = startJob({
        title: '导出',
        run: ({ signal }) => new Promise((_, refuse) => signal.addEventListener('abort', () => refuse(signal.reason))),
      });
    });
    await act(async () => { seen[0]?.stop?.(); await work; });
    expect(seen[0]).toMatchObject({ state: 'stopped' });
    expect(seen[0]?.problem).toBeUndefined();
  });

  it('says why it failed and can be tried again', async () => {
    let tries = 0;
    const spec = { title: '导入', stoppable: false, run: async () => { tries += 1; if (tries === 1) throw new Error('断线'); return undefined; } };
    let end: Job | undefined;
    await act(async () => { end = await startJob(spec); });
    expect(end?.problem?.detail).toContain('断线');
    expect(seen[0]?.stop).toBeUndefined();
    await act(async () => { seen[0]?.retry?.(); });
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ state: 'done' });
  });
});
