import { api } from '@tashi/shared/api';

/** Fetches a file of the API and hands it to the browser under the name the server gave it. Rejects when it does not come. */
export async function saveFile(path: string, options: Parameters<typeof api.fetch>[3], fallback: string): Promise<void> {
  const response = await api.fetch('GET', path, undefined, options);
  const name = /filename\*?="?(?:UTF-8'')?([^";]+)/.exec(response.headers.get('content-disposition') ?? '')?.[1];
  const url = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = url;
  link.download = name ? decodeURIComponent(name) : fallback;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
