import { describe, expect, it } from 'vitest';
import { excerpt, fold, rank } from './find';

describe('finding articles on the phone', () => {
  const article = { title: '椰汁 1L 话术', tags: ['Coconut'], text: '先问冷藏，再说保质期。' };
  it('folds case and width', () => expect(fold('ＡB　c')).toBe('ab c'));
  it('ranks title before tag before text', () => {
    expect([rank('椰汁', article), rank('coco', article), rank('冷藏', article), rank('椰汁 冷藏', article), rank('冰柜', article), rank('，', article)]).toEqual([3, 2, 1, 1, 0, 0]);
  });
  it('marks what was asked for', () => expect(excerpt(article.text, '冷藏').filter((p) => p.mark).map((p) => p.text)).toEqual(['冷藏']));
});
