// @vitest-environment jsdom
import { beforeAll, describe, expect, it } from 'vitest';
import { printedPage } from './printTable';

beforeAll(() => {
  // jsdom has no sheets made by script
  Object.assign(window, { CSSStyleSheet: class { replaceSync() {} } });
});

describe('a printed table', () => {
  it('says what was filtered, by whom, and repeats the rows as text', () => {
    const page = document.implementation.createHTMLDocument();
    printedPage(page, {
      title: '客户 · 惠民饮品',
      facts: [['筛选', '等级: A', '标签: 冷柜'], ['制表', '陈静', '2026-11-20 08:00']],
      head: ['名称', '等级'],
      rows: [['<img src=x onerror=alert(1)>', 'A'], ['苏福便利', 'B']],
      lang: 'zh-CN',
    });
    expect(page.title).toBe('客户 · 惠民饮品');
    expect([...page.querySelectorAll('dd')].map((one) => one.textContent)).toEqual(['等级: A · 标签: 冷柜', '陈静 · 2026-11-20 08:00']);
    expect([...page.querySelectorAll('th')].map((one) => one.textContent)).toEqual(['名称', '等级']);
    expect(page.querySelectorAll('tbody tr')).toHaveLength(2);
    expect(page.querySelector('img')).toBeNull();
    expect(page.querySelector('tbody td')?.textContent).toBe('<img src=x onerror=alert(1)>');
  });
});
