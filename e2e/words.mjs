// The words of the screens in either language, from the texts both apps are built with: a journey is written once, with the
// Chinese words, and walked in English by the words that stand beside them.
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { root } from './lib.mjs';

const ts = createRequire(path.join(root, 'web/package.json'))('typescript');

const areas = new Map();
for (const app of ['console', 'field', 'shared']) {
  const folder = path.join(root, 'web', app, 'src');
  for (const file of readdirSync(folder, { recursive: true })) {
    if (!/(^|\/)(text|[a-z]+Text|common)\.ts$/.test(file)) continue;
    const source = readFileSync(path.join(folder, file), 'utf8');
    if (!source.includes('defineMessages(')) continue;
    const { outputText } = ts.transpileModule(source, { compilerOptions: { module: ts.ModuleKind.CommonJS } });
    // Text files are data: whatever else they use is not asked for here.
    const others = () => ({ defineMessages: (name, zh, en) => areas.set(name, { zh, en }) });
    new Function('exports', 'require', outputText)({}, others);
  }
}

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** What `said` in Chinese is in English; `area` where several areas say it differently. */
function english(said, area) {
  const found = new Set();
  for (const [name, { zh, en }] of areas) {
    if (area && name !== area) continue;
    for (const [key, text] of Object.entries(zh)) {
      const names = [...text.matchAll(/\{\{(\w+)\}\}/g)].map((one) => one[1]);
      const parts = text.split(/\{\{\w+\}\}/);
      // A text that is nothing but what is filled in says everything.
      if (parts.every((one) => one.trim() === '')) continue;
      const match = new RegExp(`^${parts.map(escaped).join('(.*)')}$`).exec(said);
      if (!match) continue;
      const values = Object.fromEntries(names.map((one, k) => [one, match[k + 1]]));
      const plain = typeof en[key] === 'string' ? en[key] : Number(values.count) === 1 ? en[key].one : en[key].other;
      const words = plain.replace(/\{\{(\w+)\}\}/g, (_, one) => values[one] ?? '');
      found.add(JSON.stringify([names.length, words]));
    }
  }
  // What is said without filling in is meant before what could be made to say it.
  const all = [...found].map((one) => JSON.parse(one));
  const least = Math.min(...all.map(([filled]) => filled));
  const words = [...new Set(all.filter(([filled]) => filled === least).map(([, one]) => one))];
  if (words.length !== 1) throw new Error(`“${said}” is ${words.length ? words.map((one) => `“${one}”`).join(' and ') : 'not said'}${area ? ` in ${area}` : ': name the area'}`);
  return words[0];
}

/** `w('新建对象')`: the words on the screen in this language. */
export const wordsOf = (language) => (language === 'zh' ? (said) => said : english);
