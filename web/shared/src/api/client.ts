import { ApiProblem, readProblem } from './problem';

/** Values of a query string; `undefined`, `null` and `''` are left out, lists repeat the key. */
export type Query = Record<string, string | number | boolean | null | undefined | readonly (string | number)[]>;

export interface CallOptions {
  query?: Query;
  /** Fills `{name}` in the path, percent-encoded. */
  params?: Record<string, string>;
  /** Sent as `If-Match`; editable rows refuse a PATCH without it. */
  version?: number;
  signal?: AbortSignal;
  headers?: Record<string, string>;
}

export interface ClientOptions {
  /** Default `/api/v1` of this origin. */
  base?: string;
  /** Bearer token of the phone; the console signs in by cookie and gives none. */
  token?: () => string | null | undefined;
  /** Language of titles and details in problems: `zh-CN` or `en`. */
  language?: () => string;
  /** Called after every 401 except those of the sign-in itself. */
  onSignedOut?: () => void;
}

/** Thin typed client of the HTTP API. Every failure is an `ApiProblem`, also a lost network (`code: 'network'`). */
export class ApiClient {
  private readonly base: string;
  private options: ClientOptions;

  constructor(options: ClientOptions = {}) {
    this.options = options;
    this.base = options.base ?? '/api/v1';
  }

  /** Adds or replaces options, for example the token after sign-in. */
  configure(options: ClientOptions): void {
    this.options = { ...this.options, ...options };
  }

  get<T>(path: string, options?: CallOptions): Promise<T> {
    return this.call('GET', path, undefined, options);
  }
  post<T>(path: string, body?: unknown, options?: CallOptions): Promise<T> {
    return this.call('POST', path, body, options);
  }
  patch<T>(path: string, body: unknown, options?: CallOptions): Promise<T> {
    return this.call('PATCH', path, body, options);
  }
  put<T>(path: string, body: unknown, options?: CallOptions): Promise<T> {
    return this.call('PUT', path, body, options);
  }
  delete<T>(path: string, options?: CallOptions): Promise<T> {
    return this.call('DELETE', path, undefined, options);
  }

  /** Full address of a call, for links and downloads. */
  url(path: string, options: CallOptions = {}): string {
    const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(options.params?.[name] ?? ''));
    const query = queryString(options.query);
    return this.base + filled + (query ? `?${query}` : '');
  }

  /** Headers every request carries. */
  headers(): Record<string, string> {
    const headers: Record<string, string> = { 'X-Tashi-Client': '1' };
    const language = this.options.language?.();
    if (language) headers['Accept-Language'] = language;
    const token = this.options.token?.();
    if (token) headers.Authorization = `Bearer ${token}`;
    return headers;
  }

  /** The raw answer of a successful call (downloads, photos); failures throw. */
  async fetch(method: string, path: string, body?: unknown, options: CallOptions = {}): Promise<Response> {
    const headers: Record<string, string> = {
      Accept: 'application/json, application/problem+json',
      ...this.headers(),
      ...options.headers,
    };
    if (options.version !== undefined) headers['If-Match'] = `"${options.version}"`;
    let payload: BodyInit | undefined;
    if (isRaw(body)) {
      payload = body;
      headers['Content-Type'] ??= 'application/octet-stream';
    } else if (body !== undefined) {
      payload = JSON.stringify(body);
      headers['Content-Type'] = 'application/json';
    }
    let response: Response;
    try {
      response = await fetch(this.url(path, options), {
        method,
        headers,
        body: payload,
        signal: options.signal,
        credentials: 'same-origin',
      });
    } catch (error) {
      if (options.signal?.aborted) throw error;
      throw ApiProblem.network();
    }
    if (response.ok) return response;
    const problem = await readProblem(response);
    if (response.status === 401 && !problem.code.startsWith('auth.bad') && problem.code !== 'auth.totp_required') {
      this.options.onSignedOut?.();
    }
    throw problem;
  }

  private async call<T>(method: string, path: string, body: unknown, options?: CallOptions): Promise<T> {
    const response = await this.fetch(method, path, body, options);
    if (response.status === 204) return undefined as T;
    let text: string;
    try {
      text = await response.text();
    } catch (error) {
      // The line broke between the head of the answer and its end.
      if (options?.signal?.aborted) throw error;
      throw ApiProblem.network();
    }
    return (text ? JSON.parse(text) : undefined) as T;
  }
}

function isRaw(body: unknown): body is Blob | ArrayBuffer | Uint8Array<ArrayBuffer> {
  return body instanceof Blob || body instanceof ArrayBuffer || body instanceof Uint8Array;
}

/** Builds a query string in the order of the keys. */
export function queryString(query: Query | undefined): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {})) {
    if (value === undefined || value === null || value === '') continue;
    if (Array.isArray(value)) for (const one of value) search.append(key, String(one));
    else search.append(key, String(value));
  }
  return search.toString();
}

/** The client of this page. The phone gives it a token source, the console relies on the cookie. */
export const api = new ApiClient();
