import { describe, expect, it } from 'vitest';
import { fits, initialOf, initialsOf } from './search.ts';

const shop = { name: '苏福便利（新街口店）', code: 'NJ-0042', address: '中山路 88 号', phones: ['138****6210'] };

describe('finding a customer', () => {
  it('reads pinyin initials', () => {
    expect(initialsOf('苏福便利')).toBe('sfbl');
    expect(initialsOf('惠万家超市')).toBe('hwjcs');
    expect(initialsOf('云锦生活7-11')).toBe('yjsh711');
  });
  it('knows the 3 755 usual characters', () => {
    // Level 1 of GB 2312 is ordered by pinyin; these are the codes where each letter begins.
    const starts: [string, number][] = [
      ['a', 0xb0a1], ['b', 0xb0c5], ['c', 0xb2c1], ['d', 0xb4ee], ['e', 0xb6ea], ['f', 0xb7a2], ['g', 0xb8c1], ['h', 0xb9fe], ['j', 0xbbf7], ['k', 0xbfa6],
      ['l', 0xc0ac], ['m', 0xc2e8], ['n', 0xc4c3], ['o', 0xc5b6], ['p', 0xc5be], ['q', 0xc6da], ['r', 0xc8bb], ['s', 0xc8f6], ['t', 0xcbfa], ['w', 0xcdda],
      ['x', 0xcef4], ['y', 0xd1b9], ['z', 0xd4d1],
    ];
    const decoder = new TextDecoder('gb18030');
    const wrong: string[] = [];
    let count = 0;
    for (let high = 0xb0; high <= 0xd7; high++) {
      for (let low = 0xa1; low <= (high === 0xd7 ? 0xf9 : 0xfe); low++) {
        const code = high * 256 + low;
        const letter = [...starts].reverse().find(([, from]) => code >= from)?.[0];
        const character = decoder.decode(new Uint8Array([high, low]));
        count += 1;
        if (initialOf(character) !== letter) wrong.push(`${character}:${letter}≠${initialOf(character)}`);
      }
    }
    expect(count).toBe(3755);
    // Characters with two readings are filed differently by the two standards; a handful may differ.
    expect(wrong.length, wrong.join(' ')).toBeLessThan(40);
  });
  it('finds by part of the name, initials, address, code and the end of the phone', () => {
    for (const q of ['便利', 'sfbl', 'SFB', 'fbl', '中山', '0042', '6210', '210', '']) expect(fits(shop, q), q).toBe(true);
    for (const q of ['超市', 'xyz', '138', '1386']) expect(fits(shop, q), q).toBe(false);
  });
});
