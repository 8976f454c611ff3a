/** One refused field of a request. */
export interface FieldError {
  field: string;
  code: string;
  message: string;
}

interface ProblemBody {
  code?: string;
  title?: string;
  detail?: string;
  request_id?: string;
  errors?: FieldError[];
  [param: string]: unknown;
}

/** What went wrong, as the server says it (`application/problem+json`) or as the network did. */
export class ApiProblem extends Error {
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly status: number;
  readonly request_id: string | null;
  readonly fields: FieldError[];
  /** Everything else in the body: numbers and names the sentence was made of. */
  readonly params: Record<string, unknown>;

  constructor(status: number, body: ProblemBody) {
    super(body.title ?? body.code ?? `HTTP ${status}`);
    this.name = 'ApiProblem';
    this.status = status;
    this.code = body.code ?? `http.${status}`;
    this.title = body.title ?? '';
    this.detail = body.detail ?? '';
    this.request_id = body.request_id ?? null;
    this.fields = Array.isArray(body.errors) ? body.errors : [];
    this.params = body;
  }

  /** No answer reached us; the request may or may not have been carried out. */
  static network(): ApiProblem {
    return new ApiProblem(0, { code: 'network' });
  }

  /** True when trying again later can help without changing the request. */
  get retryable(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 425 || this.status === 429 || this.status >= 500;
  }
}

/** Reads the problem of a failed answer; a body that is no problem (a proxy's page) still gives status and request id. */
export async function readProblem(response: Response): Promise<ApiProblem> {
  let body: ProblemBody = {};
  if (/json/.test(response.headers.get('content-type') ?? '')) {
    try {
      const parsed: unknown = await response.json();
      if (parsed && typeof parsed === 'object') body = parsed as ProblemBody;
    } catch {
      // Not JSON after all: the status alone must do.
    }
  }
  body.request_id ??= response.headers.get('x-request-id') ?? undefined;
  return new ApiProblem(response.status, body);
}

/** Any thrown value as a problem, so that a screen has one thing to show. */
export function toProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  return new ApiProblem(-1, { code: 'client', detail: error instanceof Error ? error.message : String(error) });
}
