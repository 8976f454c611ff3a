import { useEffect, useRef, useSyncExternalStore } from 'react';
import { api } from './client';
import { LiveStream, type StreamStatus } from './stream';
import type { StreamEvents } from './schema';

/** The stream of this page; the shell starts it after sign-in and stops it at sign-out. */
export const stream = new LiveStream(api);

/** Calls `handler` for every event of this kind while the component is mounted. */
export function useStreamEvent<K extends keyof StreamEvents>(event: K, handler: (data: StreamEvents[K]) => void): void {
  const latest = useRef(handler);
  useEffect(() => {
    latest.current = handler;
  });
  useEffect(() => stream.on(event, (data) => latest.current(data)), [event]);
}

/** State of the connection and when the last byte arrived. */
export function useStreamStatus(): StreamStatus {
  return useSyncExternalStore(stream.onStatus, stream.status);
}
