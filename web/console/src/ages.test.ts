import { expect, it } from 'vitest';

const sources = import.meta.glob<string>('./**/*.tsx', { query: '?raw', import: 'default', eager: true });

it('no screen writes the age of a moment without the moment itself', () => {
  // Ages of what the page itself fetched stand in its own sentences, with the time beside them.
  const own = /dataUpdatedAt|format\.age\(at, Date\.now\(\)\)/;
  const bare = Object.entries(sources).flatMap(([path, source]) => source.split('\n').filter((line) => line.includes('.age(') && !own.test(line)).map((line) => `${path}: ${line.trim()}`));
  expect(Object.keys(sources).length).toBeGreaterThan(100);
  expect(bare).toEqual([]);
});
