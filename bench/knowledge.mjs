// Search in a library of 5,000 articles, by two Chinese characters, by a name and by a question: time of an answer beside a
// request that touches no store, and beside the same search in a library of 50. DATABASE=postgres: the other engine.
//   TASHI_BIN=target/release/tashi node bench/knowledge.mjs
import { PASSWORD, api, startServer } from '../e2e/lib.mjs';

const ARTICLES = Number(process.env.ARTICLES ?? 5_000);
const FEW = 50;
const ASKED = 200;
const AT_ONCE = 8;

const THINGS = ['冰柜', '展示柜', '压缩机', '收银机', '气泡水', '货架', '价签', '堆头', '温控器', '门封条', '冷凝器', '蒸发器'];
const DEEDS = ['清洁', '更换', '验收', '巡检', '陈列', '报修', '补货', '盘点', '培训', '安装', '调试', '保养'];
const WORDS = '先断电挂牌再拆开背板检查风扇是否有异响确认门店负责人在场拍照留存并填写单据完成之后通知主管复核标准温度保持在二到八度之间价签与货品一一对应临期商品单独存放'.split('');

const server = await startServer(process.env.DATABASE === 'postgres' ? 'postgres' : 'sqlite');
try {
  const setup = { company: '万店', time_zone: 'Asia/Shanghai', admin_name: '周敏', login: 'zhoumin', password: PASSWORD, goal: 'truth' };
  const { token } = await api(server.base).post('/api/v1/setup', setup);
  const admin = api(server.base, token);
  const asked = { 'two characters': '门封', 'a product by name': '冷凝器', 'two words': '冰柜 清洁', 'a question': '冰柜温度多少', 'not there': '航天' };
  await fill(0, FEW);
  const few = await all();
  await fill(FEW, ARTICLES);
  const many = await all();
  const bare = await timed(() => fetch(`${server.base}/healthz`).then((r) => r.text()));
  console.log(`${ARTICLES} articles, ${process.env.DATABASE ?? 'sqlite'}, ${ASKED} searches one after the other\n`);
  console.log(`${'a request that touches no store'.padEnd(34)} median ${ms(bare.median)}, p99 ${ms(bare.p99)}`);
  for (const what of Object.keys(asked)) {
    const [a, b] = [many[what], few[what]];
    console.log(`${what.padEnd(34)} median ${ms(a.median)}, p99 ${ms(a.p99)}, ${(a.median / bare.median).toFixed(1)} × that request, ${(a.median / b.median).toFixed(1)} × a library of ${FEW}; ${a.found} found`);
  }

  async function all() {
    const seen = {};
    for (const [what, q] of Object.entries(asked)) {
      const url = `${server.base}/api/v1/knowledge/search?limit=20&q=${encodeURIComponent(q)}`;
      const ask = () => fetch(url, { headers: { authorization: `Bearer ${token}` } }).then((r) => r.json());
      const first = await ask();
      if (!Array.isArray(first.items)) throw new Error(JSON.stringify(first));
      seen[what] = { ...(await timed(ask)), found: first.items.length };
    }
    return seen;
  }

  /** Made and published as in the console, eight at once. */
  async function fill(from, to) {
    let next = from;
    const write = async () => {
      while (next < to) {
        const i = next++;
        const page = await admin.post('/api/v1/articles', { title: `${THINGS[i % 12]}${DEEDS[Math.floor(i / 12) % 12]} ${i}`, tags: [THINGS[(i * 7) % 12]], body: body(i) });
        const done = await fetch(`${server.base}/api/v1/articles/${page.id}/publish`, {
          method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'if-match': `"${page.version}"` }, body: JSON.stringify({ note: null, read_again: false }),
        });
        if (!done.ok) throw new Error(await done.text());
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, write));
  }
} finally {
  await server.stop();
}

/** About 800 characters that differ from article to article. */
function body(i) {
  const lines = Array.from({ length: 10 }, (_, k) => {
    const begin = (i * 31 + k * 17) % WORDS.length;
    return `${k + 1}. ${THINGS[(i + k) % 12]}${DEEDS[(i * 5 + k) % 12]}：${[...WORDS.slice(begin), ...WORDS.slice(0, begin)].join('')}`;
  });
  return `# ${THINGS[i % 12]}\n\n${lines.join('\n')}`;
}

async function timed(ask, n = ASKED) {
  const times = [];
  for (let i = 0; i < n + 5; i++) {
    const begin = performance.now();
    await ask();
    if (i >= 5) times.push(performance.now() - begin);
  }
  times.sort((a, b) => a - b);
  return { median: times[Math.floor(n / 2)], p99: times[Math.ceil(n * 0.99) - 1] };
}

function ms(v) {
  return `${v.toFixed(1)} ms`;
}
