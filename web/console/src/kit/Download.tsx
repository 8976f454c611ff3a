import { api, type Query } from '@tashi/shared/api';
import { Icon } from '@tashi/shared/ui';
import { useState } from 'react';

/** A button that fetches a file of the API and hands it to the browser's downloads. */
export function Download({ path, query, fallback, label, busy, failed }: {
  path: string;
  query?: Query;
  /** Name of the file when the answer gives none. */
  fallback: string;
  label: string;
  /** Said while it is being made. */
  busy: string;
  failed: string;
}) {
  const [state, setState] = useState<'idle' | 'busy' | 'failed'>('idle');
  const run = async () => {
    setState('busy');
    try {
      const response = await api.fetch('GET', path, undefined, { query });
      const name = /filename\*?="?(?:UTF-8'')?([^";]+)/.exec(response.headers.get('content-disposition') ?? '')?.[1];
      const url = URL.createObjectURL(await response.blob());
      const link = document.createElement('a');
      link.href = url;
      link.download = name ? decodeURIComponent(name) : fallback;
      link.click();
      setTimeout(() => URL.revokeObjectURL(url), 10_000);
      setState('idle');
    } catch {
      setState('failed');
    }
  };
  return (
    <>
      {state === 'failed' ? <span className="s12 fg-problem" role="alert">{failed}</span> : null}
      <button type="button" className="btn" disabled={state === 'busy'} onClick={() => void run()}>
        <Icon name="download" />
        {state === 'busy' ? busy : label}
      </button>
    </>
  );
}
