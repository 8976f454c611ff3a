import { describe, expect, it } from 'vitest';
import { allMessages, defineMessages, translate } from './messages';
import { parityFaults } from './parity';
import './common';
import './format';

const sample = defineMessages(
  'test-sample',
  { hello: '你好 {{name}}', visits: '{{count}} 次拜访' },
  { hello: 'Hello {{name}}', visits: { one: '{{count}} visit', other: '{{count}} visits' } },
);

describe('messages', () => {
  it('fills placeholders in both languages', () => {
    expect(translate(sample, 'zh')('hello', { name: '张伟' })).toBe('你好 张伟');
    expect(translate(sample, 'en')('hello', { name: 'Zhang' })).toBe('Hello Zhang');
  });

  it('chooses the plural in English and needs none in Chinese', () => {
    const en = translate(sample, 'en');
    expect([en('visits', { count: 1 }), en('visits', { count: 5 }), en('visits', { count: 0 })]).toEqual(['1 visit', '5 visits', '0 visits']);
    expect(translate(sample, 'zh')('visits', { count: 1 })).toBe('1 次拜访');
  });

  it('does not turn a name into markup or lose a key with dots', () => {
    expect(translate(sample, 'en')('hello', { name: '<b>' })).toBe('Hello <b>');
  });

  it('finds a placeholder that one language lacks', () => {
    const broken = { namespace: 'x', zh: { a: '{{n}} 家' }, en: { a: 'shops' } };
    expect(parityFaults([broken])).toEqual(['x.a: {n} in zh, {} in en']);
    expect(parityFaults([{ namespace: 'x', zh: { a: '家' }, en: {} as Record<string, string> }])).toEqual(['x.a: missing in en']);
  });

  it('the shared texts agree in both languages', () => {
    expect(allMessages().length).toBeGreaterThanOrEqual(3);
    expect(parityFaults(allMessages())).toEqual([]);
  });
});
