import { describe, expect, it } from 'vitest';
import { customerQuery, viewOf } from '../screens/customers/filters';
import { parseCustomersSearch } from '../screens/customers/search';
import { parsePeopleSearch } from '../screens/people/search';
import { safeNext } from '../screens/signin/SignInScreen';
import { compact, day, number, oneOf, parseSearch, stringifySearch, words } from './search';

describe('readers', () => {
  it('turn unknown values into typed ones or nothing', () => {
    expect(oneOf('B', ['A', 'B'])).toBe('B');
    expect(oneOf('Z', ['A', 'B'])).toBeUndefined();
    expect([day('2026-02-28'), day('2026-02-30'), day('today'), day(20261120)]).toEqual(['2026-02-28', undefined, undefined, undefined]);
    expect([number('12.5'), number(''), number('x'), number('1e999')]).toEqual([12.5, undefined, undefined, undefined]);
    expect(words('A,,B')).toEqual(['A', 'B']);
    expect(words(undefined)).toEqual([]);
  });

  it('compact keeps only what is there', () => {
    expect(compact({ a: 'x', b: '', c: undefined, d: null })).toEqual({ a: 'x' });
  });
});

describe('addresses', () => {
  it('survive writing and reading', () => {
    const search = { q: '苏果 & 便利', grade: 'A,B', t: '10:31:00', n: '0123' };
    expect(parseSearch(stringifySearch(search))).toEqual(search);
  });

  it('stay readable and short', () => {
    expect(stringifySearch({ grade: 'A,B', t: '10:31', q: undefined, tab: '' })).toBe('?grade=A,B&t=10:31');
    expect(stringifySearch({})).toBe('');
  });
});

describe('customer filters', () => {
  const search = parseCustomersSearch(parseSearch('?q=sg&grade=A,B&status=active&sort=-last_visit&layout=map&tab=visits&edit=new&bad=1&department=d1'));

  it('drop what is unknown', () => {
    expect(search).not.toHaveProperty('bad');
    expect(parseCustomersSearch({ status: 'gone', sort: 'grade', layout: 'cube' })).toEqual({});
  });

  it('become the query of the API', () => {
    expect(customerQuery(search, [])).toEqual({
      q: 'sg', grade: 'A,B', status: 'active', department_id: 'd1', tag: undefined, class_id: undefined, owner_id: undefined,
    });
  });

  it('leave open drawers and layout out of saved views', () => {
    expect(viewOf(search)).toEqual({ q: 'sg', grade: 'A,B', status: 'active', sort: '-last_visit', department: 'd1' });
  });
});

it('people: only known tabs and states', () => {
  expect(parsePeopleSearch({ tab: 'roles', status: 'left', person: 'p1', x: 1 })).toEqual({ tab: 'roles', status: 'left', person: 'p1' });
  expect(parsePeopleSearch({ tab: 'admin', status: 'fired' })).toEqual({});
});

it('after sign-in only addresses of this site are opened', () => {
  expect(safeNext('/customers?q=1')).toBe('/customers?q=1');
  for (const evil of [undefined, 'https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)']) {
    expect(safeNext(evil)).toBe('/');
  }
});
