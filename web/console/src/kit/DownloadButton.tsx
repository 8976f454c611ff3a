import { api, toProblem } from '@tashi/shared/api';
import { Icon, toast } from '@tashi/shared/ui';
import { useState, type ReactNode } from 'react';

/** Fetches a file of the API with the sign-in of this page and hands it to the browser. */
export function DownloadButton({ path, fallback, small, label, children }: { path: string; fallback: string; small?: boolean; label?: string; children?: ReactNode }) {
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    try {
      const response = await api.fetch('GET', path);
      const name = /filename="?([^";]+)/.exec(response.headers.get('content-disposition') ?? '')?.[1];
      const url = URL.createObjectURL(await response.blob());
      const link = document.createElement('a');
      link.href = url;
      link.download = name ?? fallback;
      link.click();
      setTimeout(() => URL.revokeObjectURL(url), 10_000);
    } catch (error) {
      const problem = toProblem(error);
      toast(`${problem.title} ${problem.detail}`);
    } finally {
      setBusy(false);
    }
  };
  return (
    <button type="button" className={small ? 'icb small' : 'btn'} disabled={busy} aria-label={label} title={label} onClick={() => void run()}>
      <Icon name="download" size={small ? 15 : undefined} />
      {children}
    </button>
  );
}
