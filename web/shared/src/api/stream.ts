import type { ApiClient } from './client';
import type { StreamEvents } from './schema';

export type StreamState = 'connecting' | 'live' | 'lost';
export interface StreamStatus {
  state: StreamState;
  /** When the last byte arrived (ms since epoch); null before the first. */
  lastMessageAt: number | null;
}

type Handler<K extends keyof StreamEvents> = (data: StreamEvents[K]) => void;
interface Frame {
  event: string;
  data: string;
  id: string | null;
}
type TabMessage = { frame: Frame } | { status: StreamStatus } | { ask: true };

/** The server writes a comment every 15 s; three missed ones mean that the connection is dead. */
const SILENCE_MS = 45_000;
const MAX_WAIT_MS = 30_000;

/**
 * The one server-sent stream of a person. All tabs share a single connection: the tab that holds the lock reads,
 * the others listen on a channel; when it closes, the next tab takes over and resumes from the last event id.
 */
export class LiveStream {
  private readonly handlers = new Map<string, Set<(data: never) => void>>();
  private readonly statusListeners = new Set<() => void>();
  private current: StreamStatus = { state: 'connecting', lastMessageAt: null };
  private lastEventId: string | null = null;
  private stopper: AbortController | null = null;
  private channel: BroadcastChannel | null = null;
  private reading = false;

  constructor(private readonly client: ApiClient, private readonly name = 'tashi-stream') {}

  /** Starts reading; further calls do nothing until `stop`. */
  start(): void {
    if (this.stopper) return;
    const stopper = new AbortController();
    this.stopper = stopper;
    if (typeof BroadcastChannel !== 'undefined') {
      this.channel = new BroadcastChannel(this.name);
      this.channel.onmessage = (message: MessageEvent<TabMessage>) => this.fromOtherTab(message.data);
      this.channel.postMessage({ ask: true } satisfies TabMessage);
    }
    const lead = () => this.read(stopper.signal);
    const locks = globalThis.navigator?.locks;
    if (locks) locks.request(this.name, { signal: stopper.signal }, lead).catch(() => undefined);
    else void lead();
  }

  /** Closes the connection, for example after sign-out. Handlers stay. */
  stop(): void {
    this.stopper?.abort();
    this.stopper = null;
    this.channel?.close();
    this.channel = null;
    this.lastEventId = null;
    this.setStatus({ state: 'connecting', lastMessageAt: null });
  }

  /** Listens to one kind of event; returns the way out. */
  on<K extends keyof StreamEvents>(event: K, handler: Handler<K>): () => void {
    const set = this.handlers.get(event) ?? new Set();
    this.handlers.set(event, set);
    set.add(handler as (data: never) => void);
    return () => set.delete(handler as (data: never) => void);
  }

  status = (): StreamStatus => this.current;

  onStatus = (listener: () => void): (() => void) => {
    this.statusListeners.add(listener);
    return () => this.statusListeners.delete(listener);
  };

  private fromOtherTab(message: TabMessage): void {
    if ('ask' in message) {
      if (this.reading) this.channel?.postMessage({ status: this.current } satisfies TabMessage);
    } else if ('status' in message) {
      if (!this.reading) this.setStatus(message.status);
    } else {
      this.deliver(message.frame);
    }
  }

  private async read(signal: AbortSignal): Promise<void> {
    this.reading = true;
    let wait = 1000;
    while (!signal.aborted) {
      const opened = await this.readOnce(signal);
      if (signal.aborted) break;
      this.setStatus({ ...this.current, state: 'lost' });
      wait = opened ? 1000 : Math.min(wait * 2, MAX_WAIT_MS);
      await pause(wait * (0.75 + Math.random() / 2), signal);
    }
    this.reading = false;
  }

  /** One connection from open to break; true when the server had answered. */
  private async readOnce(signal: AbortSignal): Promise<boolean> {
    const cut = new AbortController();
    const stop = () => cut.abort();
    signal.addEventListener('abort', stop);
    let watchdog = setTimeout(stop, SILENCE_MS);
    let opened = false;
    try {
      const headers: Record<string, string> = { ...this.client.headers(), Accept: 'text/event-stream' };
      if (this.lastEventId) headers['Last-Event-ID'] = this.lastEventId;
      const response = await fetch(this.client.url('/stream'), {
        headers,
        signal: cut.signal,
        credentials: 'same-origin',
        cache: 'no-store',
      });
      if (!response.ok || !response.body) return false;
      opened = true;
      const parser = new FrameParser();
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        this.setStatus({ state: 'live', lastMessageAt: Date.now() });
        const { done, value } = await reader.read();
        if (done) return opened;
        clearTimeout(watchdog);
        watchdog = setTimeout(stop, SILENCE_MS);
        for (const frame of parser.push(value)) {
          if (frame.id) this.lastEventId = frame.id;
          this.channel?.postMessage({ frame } satisfies TabMessage);
          this.deliver(frame);
        }
      }
    } catch {
      return opened;
    } finally {
      clearTimeout(watchdog);
      signal.removeEventListener('abort', stop);
    }
  }

  private deliver(frame: Frame): void {
    if (frame.id) this.lastEventId = frame.id;
    const set = this.handlers.get(frame.event);
    if (!set?.size) return;
    let data: unknown = null;
    try {
      data = frame.data ? JSON.parse(frame.data) : null;
    } catch {
      return;
    }
    for (const handler of set) handler(data as never);
  }

  private setStatus(next: StreamStatus): void {
    this.current = next;
    if (this.reading) this.channel?.postMessage({ status: next } satisfies TabMessage);
    for (const listener of this.statusListeners) listener();
  }
}

/** Cuts the text of a `text/event-stream` into frames, whatever the chunk borders. */
export class FrameParser {
  private rest = '';

  push(chunk: string): Frame[] {
    this.rest += chunk;
    const frames: Frame[] = [];
    const blocks = this.rest.split(/\r\n\r\n|\n\n|\r\r/);
    this.rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const frame: Frame = { event: 'message', data: '', id: null };
      const data: string[] = [];
      for (const line of block.split(/\r\n|\n|\r/)) {
        if (line.startsWith(':')) continue;
        const colon = line.indexOf(':');
        const field = colon < 0 ? line : line.slice(0, colon);
        const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
        if (field === 'event') frame.event = value;
        else if (field === 'data') data.push(value);
        else if (field === 'id') frame.id = value;
      }
      frame.data = data.join('\n');
      if (data.length || frame.event !== 'message') frames.push(frame);
    }
    return frames;
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
