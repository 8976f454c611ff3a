import { describe, expect, it } from 'vitest';
import { fileOf, parse, plainWords, safeAddress } from './parse';

const ID = '0198c0de-0000-7000-8000-000000000001';

describe('the Markdown of articles', () => {
  it('knows headings, lists, tables, quotes, code and rules', () => {
    const text = `# 椰汁话术 #\n先问**冷藏**\n再说价\n\n1. 一\n   - 甲\n   - 乙\n2. 二\n\n> 引\n\n| 品名 | 价 |\n|---|--:|\n| 椰汁 | 12 \\| 13 |\n\n\`\`\`\n<b>\n\`\`\`\n---`;
    const nodes = parse(text);
    expect(nodes.map((one) => one.is)).toEqual(['heading', 'paragraph', 'list', 'quote', 'table', 'code', 'rule']);
    const list = nodes[2]!;
    expect(list.is === 'list' && [list.start, list.items.length, list.items[0]!.map((b) => b.is)]).toEqual([1, 2, ['paragraph', 'list']]);
    const table = nodes[4]!;
    expect(table.is === 'table' && table.rows).toEqual([[[{ is: 'text', text: '椰汁' }], [{ is: 'text', text: '12 | 13' }]]]);
    expect(nodes[5]).toEqual({ is: 'code', text: '<b>' });
  });

  it('knows pictures, files and links, and follows only addresses that run nothing', () => {
    const [one] = parse(`![陈列](file:${ID}) 见[手册](https://a.cn/x) 和 https://b.cn。`);
    expect(one?.is === 'paragraph' && one.of.map((n) => n.is)).toEqual(['picture', 'text', 'link', 'text', 'link', 'text']);
    expect(fileOf(`file:${ID}`)).toBe(ID);
    expect(fileOf('file:../../x')).toBeNull();
    expect(['javascript:alert(1)', 'data:text/html,x', '//a.cn', 'https://a.cn'].map(safeAddress)).toEqual([null, null, null, 'https://a.cn']);
  });

  it('leaves HTML as text and ends on every input', () => {
    expect(parse('<img src=x onerror=1>')).toEqual([{ is: 'paragraph', of: [{ is: 'text', text: '<img src=x onerror=1>' }] }]);
    for (const bad of ['*'.repeat(5000), '> '.repeat(3000), `${'  '.repeat(500)}- x`, '['.repeat(4000), '**a*b'.repeat(2000), '|'.repeat(3000)]) expect(parse(bad).length).toBeGreaterThan(0);
  });

  it('has the words of a text', () => {
    expect(plainWords('# 标题\n- 一 **二**\n\n| a | b |\n|-|-|\n| c | d |')).toBe('标题 一 二 a b c d');
  });
});
