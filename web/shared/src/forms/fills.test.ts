import { describe, expect, it } from 'vitest';

import vectors from '../../../../crates/forms/vectors/fills.json';
import { type Answers, defaults, fill, prepare } from './fill.ts';
import type { FormSpec } from './spec.ts';

type Case = { form: string; given: unknown; answers?: unknown; problems: string[][]; score?: number; checks?: number[] };
const forms = vectors.forms as unknown as Record<string, FormSpec>;

describe('filled forms mean the same as on the server', () => {
  it.each((vectors.cases as Case[]).map((c) => [JSON.stringify(c.given), c] as const))('%s', (_, wanted) => {
    const got = fill(prepare(forms[wanted.form]!), wanted.given as Answers, vectors.around);
    expect(got.problems.map((p) => [p.path, p.code, ...(p.limit === undefined ? [] : [p.limit])])).toEqual(wanted.problems);
    if (wanted.answers !== undefined) expect(got.answers).toEqual(wanted.answers);
    if (wanted.checks !== undefined) expect([got.checks?.passed ?? 0, got.checks?.applicable ?? 0, got.checks?.failed ?? 0]).toEqual(wanted.checks);
    if (wanted.score !== undefined) expect(got.score).toBe(wanted.score);
  });

  it('starts with the answers the form gives', () => {
    expect(defaults(prepare(forms.shelf!), vectors.around)).toEqual({ day: '2027-11-19' });
  });
});
