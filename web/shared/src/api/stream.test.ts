import { afterEach, describe, expect, it, vi } from 'vitest';
import { ApiClient } from './client';
import { FrameParser, LiveStream } from './stream';

describe('FrameParser', () => {
  const text = ': hi\n\nid: 7\nevent: visit\ndata: {"a":\ndata: 1}\n\nevent: gone\n\ndata: x\r\n\r\n';
  const frames = [
    { event: 'visit', data: '{"a":\n1}', id: '7' },
    { event: 'gone', data: '', id: null },
    { event: 'message', data: 'x', id: null },
  ];

  it('reads frames whatever the chunk borders', () => {
    for (let size = 1; size <= text.length; size++) {
      const parser = new FrameParser();
      const read = [];
      for (let at = 0; at < text.length; at += size) read.push(...parser.push(text.slice(at, at + size)));
      expect(read).toEqual(frames);
    }
  });

  it('keeps an unfinished frame for later and drops comments', () => {
    const parser = new FrameParser();
    expect(parser.push(': beat\n\ndata: ha')).toEqual([]);
    expect(parser.push('lf\n\n')).toEqual([{ event: 'message', data: 'half', id: null }]);
  });
});

describe('LiveStream', () => {
  afterEach(() => vi.unstubAllGlobals());

  function body(...chunks: string[]): Response {
    return new Response(
      new ReadableStream({
        start(controller) {
          for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
          controller.close();
        },
      }),
    );
  }

  it('delivers events and resumes after a break with the last event id', async () => {
    vi.stubGlobal('BroadcastChannel', undefined);
    vi.spyOn(Math, 'random').mockReturnValue(0);
    const seen: unknown[] = [];
    const asked: (string | undefined)[] = [];
    let secondOpen: () => void = () => undefined;
    const second = new Promise<void>((resolve) => (secondOpen = resolve));
    const fetch = vi.fn(async (_url: string, init: RequestInit) => {
      asked.push((init.headers as Record<string, string>)['Last-Event-ID']);
      if (asked.length === 1) return body('id: 41\nevent: plan\ndata: {"id":"p","employee_id":"e"}\n\n');
      secondOpen();
      return new Response(new ReadableStream(), { status: 200 });
    });
    vi.stubGlobal('fetch', fetch);
    const stream = new LiveStream(new ApiClient(), 'test-stream');
    stream.on('plan', (plan) => seen.push(plan));
    stream.start();
    await second;
    expect(seen).toEqual([{ id: 'p', employee_id: 'e' }]);
    expect(asked).toEqual([undefined, '41']);
    stream.stop();
    vi.restoreAllMocks();
  });
});
