import { describe, expect, it } from 'vitest';
import { around, diff } from './diff';

const text = (lines: ReturnType<typeof diff>, side: 'added' | 'removed') => lines.filter((one) => one.is === 'same' || one.is === side).map((one) => one.text).join('\n');

describe('the difference of two versions', () => {
  it('gives back both texts', () => {
    for (const [a, b] of [['', 'a'], ['a\nb\nc', 'a\nx\nc\nd'], ['一\n二\n三', '三\n二\n一'], ['same', 'same'], ['a\na\na', 'a']] as const) {
      const lines = diff(a, b);
      expect(text(lines, 'removed')).toBe(a);
      expect(text(lines, 'added')).toBe(b);
    }
  });
  it('shows what changed with what is around it', () => {
    const lines = diff('1\n2\n3\n4\n5\n6\n7\n8', '1\n2\n3\n4\n五\n6\n7\n8');
    expect(around(lines).map((one) => one?.text ?? '…')).toEqual(['…', '3', '4', '5', '五', '6', '7', '…']);
  });
});
