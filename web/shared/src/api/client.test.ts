import { afterEach, describe, expect, it, vi } from 'vitest';
import { ApiClient, queryString } from './client';
import { newId } from './id';
import { ApiProblem, toProblem } from './problem';

function answer(status: number, body: string, headers: Record<string, string> = {}): Response {
  return new Response(status === 204 ? null : body, { status, headers });
}

function stub(...answers: (Response | Error)[]) {
  const fetch = vi.fn<typeof globalThis.fetch>();
  for (const one of answers) {
    if (one instanceof Error) fetch.mockRejectedValueOnce(one);
    else fetch.mockResolvedValueOnce(one);
  }
  vi.stubGlobal('fetch', fetch);
  return fetch;
}

async function failure(call: Promise<unknown>): Promise<ApiProblem> {
  try {
    await call;
  } catch (error) {
    return toProblem(error);
  }
  throw new Error('the call did not fail');
}

afterEach(() => vi.unstubAllGlobals());

describe('requests', () => {
  it('fills path and query and sends the headers every call needs', async () => {
    const fetch = stub(answer(200, '{"items":[]}'));
    const client = new ApiClient({ language: () => 'en', token: () => 'secret' });
    await client.get('/customers/{id}/360', { params: { id: 'a/b' }, query: { q: '店', grade: ['A', 'B'], none: undefined, empty: '' } });
    const [url, init] = fetch.mock.calls[0] ?? [];
    expect(url).toBe('/api/v1/customers/a%2Fb/360?q=%E5%BA%97&grade=A&grade=B');
    expect(init?.headers).toMatchObject({ 'X-Tashi-Client': '1', 'Accept-Language': 'en', Authorization: 'Bearer secret' });
  });

  it('sends the version as If-Match and JSON as JSON', async () => {
    const fetch = stub(answer(200, '{}'));
    await new ApiClient().patch('/company', { name: 'x' }, { version: 7 });
    const init = fetch.mock.calls[0]?.[1];
    expect(init?.headers).toMatchObject({ 'If-Match': '"7"', 'Content-Type': 'application/json' });
    expect(init?.body).toBe('{"name":"x"}');
  });

  it('sends bytes as they are', async () => {
    const fetch = stub(answer(201, '{}'));
    const bytes = new Uint8Array([1, 2, 3]);
    await new ApiClient().post('/imports', bytes);
    expect(fetch.mock.calls[0]?.[1]?.body).toBe(bytes);
    expect(fetch.mock.calls[0]?.[1]?.headers).toMatchObject({ 'Content-Type': 'application/octet-stream' });
  });

  it('accepts an answer without a body', async () => {
    stub(answer(204, ''));
    await expect(new ApiClient().post('/auth/logout')).resolves.toBeUndefined();
  });

  it('keeps the order of query keys', () => {
    expect(queryString({ b: 1, a: true, c: null })).toBe('b=1&a=true');
  });
});

describe('problems', () => {
  it('carries code, words, fields and request id of problem+json', async () => {
    const body = {
      type: 'about:blank', code: 'validation', title: '有内容需要修改', status: 422, detail: '请看标红处', request_id: '01JD',
      errors: [{ field: 'login', code: 'taken', message: '已被使用' }], limit: 3,
    };
    stub(answer(422, JSON.stringify(body), { 'content-type': 'application/problem+json' }));
    const problem = await failure(new ApiClient().post('/employees', {}));
    expect(problem).toMatchObject({ status: 422, code: 'validation', title: '有内容需要修改', detail: '请看标红处', request_id: '01JD' });
    expect(problem.fields).toEqual([{ field: 'login', code: 'taken', message: '已被使用' }]);
    expect(problem.params.limit).toBe(3);
    expect(problem.retryable).toBe(false);
  });

  it('makes a problem of an answer that is none', async () => {
    stub(answer(502, '<html>bad gateway</html>', { 'content-type': 'text/html', 'x-request-id': 'r-1' }));
    expect(await failure(new ApiClient().get('/me'))).toMatchObject({ code: 'http.502', status: 502, request_id: 'r-1', retryable: true });
  });

  it('survives a body that only claims to be JSON', async () => {
    stub(answer(500, 'oops', { 'content-type': 'application/json' }));
    expect((await failure(new ApiClient().get('/me'))).code).toBe('http.500');
  });

  it('calls a lost network by its name', async () => {
    stub(new TypeError('Failed to fetch'));
    expect(await failure(new ApiClient().get('/me'))).toMatchObject({ code: 'network', status: 0, retryable: true });
  });

  it('calls an answer that breaks off a lost network', async () => {
    stub(new Response(new ReadableStream({ pull: (body) => body.error(new TypeError('terminated')) })));
    expect(await failure(new ApiClient().get('/me'))).toMatchObject({ code: 'network', status: 0 });
  });

  it('lets an abort through as it is', async () => {
    const stop = new AbortController();
    stop.abort();
    stub(new DOMException('stopped', 'AbortError'));
    await expect(new ApiClient().get('/me', { signal: stop.signal })).rejects.toHaveProperty('name', 'AbortError');
  });

  it.each([
    ['auth.required', 1],
    ['auth.bad_login', 0],
    ['auth.totp_required', 0],
  ])('401 %s ends the session %i times', async (code, times) => {
    const onSignedOut = vi.fn();
    stub(answer(401, JSON.stringify({ code }), { 'content-type': 'application/problem+json' }));
    await failure(new ApiClient({ onSignedOut }).post('/auth/login', {}));
    expect(onSignedOut).toHaveBeenCalledTimes(times);
  });
});

describe('newId', () => {
  it('is a UUIDv7 that carries its time and sorts by it', () => {
    const early = newId(1_700_000_000_000);
    const late = newId(1_700_000_000_001);
    expect(early).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(parseInt(early.replaceAll('-', '').slice(0, 12), 16)).toBe(1_700_000_000_000);
    expect(early < late).toBe(true);
    expect(newId()).not.toBe(newId());
  });
});
