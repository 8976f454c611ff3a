import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { format } from './format';

const web = fileURLToPath(new URL('../../../', import.meta.url));

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? sources(path) : /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

// In a join, in a template, or between two braces of a screen: there one language's sign stands in both.
const FIXED = /join\('[、。！-～]|`[^`\n]*[、。！-～][^`\n]*`|[>}][^<>{}'"`\n/]*[、。！-～]/;

it('signs between words follow the language of the screen', () => {
  const faults = ['field/src', 'console/src', 'shared/src'].flatMap((root) => sources(web + root)).flatMap((path) => {
    if (/(text|Text|words|Words|common|format|\.test)\.tsx?$/.test(path)) return [];
    const code = readFileSync(path, 'utf8').replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '');
    return code.split('\n').filter((line) => FIXED.test(line) && !/\/[^/\n]*[、。！-～][^/\n]*\/[a-z]*/.test(line)).map((line) => `${path.slice(web.length)}: ${line.trim()}`);
  });
  expect(faults).toEqual([]);
});

it('joins as each language does', () => {
  const [zh, en] = [format('zh', 'Asia/Shanghai'), format('en', 'Asia/Shanghai')];
  expect([zh.saying(['登录失败', '请检查密码']), en.saying(['Not signed in', 'Check the password'])]).toEqual(['登录失败：请检查密码', 'Not signed in: Check the password']);
  expect([zh.saying(['只有标题', null]), en.saying(['', 'Only this'])]).toEqual(['只有标题', 'Only this']);
  expect([zh.aside('王芳', '店长'), en.aside('Wang Fang', 'manager'), en.aside('Wang Fang', null)]).toEqual(['王芳（店长）', 'Wang Fang (manager)', 'Wang Fang']);
});
