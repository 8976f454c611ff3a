// @vitest-environment jsdom
import { act } from 'react';
import { type Root, createRoot } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Step } from '@tashi/shared/api';
import type { LocalVisit } from '../../work/visit.ts';

const { addAudio, toast } = vi.hoisted(() => ({ addAudio: vi.fn(async (..._: unknown[]) => 'a'), toast: vi.fn() }));
vi.mock('../../work/record.ts', () => ({ addAudio }));
vi.mock('../../shell/saving.ts', () => ({ saving: async (write: Promise<unknown>) => { await write; return true; } }));
vi.mock('@tashi/shared/ui', () => ({ Icon: () => null, toast }));
const { Recorder } = await import('./Recorder.tsx');

/** As browsers do it: inactive at once, the last piece and the stop event later; whoever calls it then is told off. */
class Fake extends EventTarget {
  static last: Fake;
  static isTypeSupported = () => true;
  state = 'inactive';
  mimeType = 'audio/webm;codecs=opus';
  constructor() { super(); Fake.last = this; }
  start() { this.state = 'recording'; }
  pause() { this.#alive(); this.state = 'paused'; }
  resume() { this.#alive(); this.state = 'recording'; }
  stop() { this.#alive(); this.end(); }
  end() {
    this.state = 'inactive';
    setTimeout(() => {
      this.dispatchEvent(Object.assign(new Event('dataavailable'), { data: new Blob(['x']) }));
      this.dispatchEvent(new Event('stop'));
    });
  }
  #alive() { if (this.state === 'inactive') throw new DOMException('', 'InvalidStateError'); }
}

let seen: DocumentVisibilityState;
const see = (next: DocumentVisibilityState) => act(async () => { seen = next; document.dispatchEvent(new Event('visibilitychange')); });
const wait = () => act(() => new Promise((done) => setTimeout(done, 50)));
const track = { stop: vi.fn() };
let root: Root;
let allow: () => void;
const press = (n: number) => act(async () => { document.querySelectorAll('button')[n]?.click(); });

describe('the recorder', () => {
  beforeEach(async () => {
    vi.clearAllMocks();
    vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
    vi.stubGlobal('MediaRecorder', Fake);
    // jsdom's has no arrayBuffer().
    vi.stubGlobal('Blob', (await import('node:buffer')).Blob);
    seen = 'visible';
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => seen });
    Object.defineProperty(navigator, 'mediaDevices', { configurable: true, value: { getUserMedia: () => new Promise((give) => { allow = () => give({ getTracks: () => [track] }); }) } });
    document.body.innerHTML = '<div></div>';
    root = createRoot(document.body.firstElementChild!);
    await act(async () => root.render(<Recorder visit={{ id: 'v' } as LocalVisit} step={{ id: 's' } as Step} label="" onKept={() => undefined} />));
    await act(async () => document.querySelector('input')?.click());
    await press(0);
  });
  afterEach(() => act(async () => root.unmount()));
  const started = () => act(async () => allow());

  it.each([0, 2])('keeps once what the phone ended, with %i presses after it', async (presses) => {
    await started();
    Fake.last.end();
    for (let n = 0; n < presses; n++) await press(n);
    await wait();
    expect(addAudio).toHaveBeenCalledTimes(1);
    expect(addAudio.mock.calls[0]?.[2]).toMatchObject({ mime: 'audio/webm', bytes: { byteLength: 1 } });
    expect(track.stop).toHaveBeenCalled();
  });

  it('keeps at once when the app is left, and says so when it is back', async () => {
    await started();
    await press(0);
    await see('hidden');
    await wait();
    expect([addAudio.mock.calls.length, toast.mock.calls.length]).toEqual([1, 0]);
    await act(async () => root.render(null));
    await see('visible');
    await see('visible');
    expect(toast).toHaveBeenCalledTimes(1);
  });

  it.each([['left', () => act(async () => root.render(null))], ['hidden', () => see('hidden')]])('lets the microphone go when %s while the phone asks', async (_, leave) => {
    await leave();
    await started();
    expect(track.stop).toHaveBeenCalledTimes(1);
    expect(document.querySelector('.rec-bar')).toBeNull();
  });
});
