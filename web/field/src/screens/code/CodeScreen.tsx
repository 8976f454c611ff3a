import { QrCode, Ecc } from '@rc-component/qrcode/es/libs/qrcodegen';
import { useEffect, useMemo, useState } from 'react';
import { setLanguage, useLanguage, useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { useAwake } from '../../app/awake.ts';
import { TURN_MS, codeText, digits, readSecret } from './rotating.ts';
import { codeScreenText } from './text.ts';
import './code.css';

/** The address's part behind the #, so that the screen opens again from the home screen. */
export const KEPT = 'tashi.code';
const OFFSET = 'tashi.code.offset';
/** A screen's clock may be off by so much before it is said, ms: the server allows half as much more. */
const WRONG_MS = 60_000;

/** How far this clock is behind the server's, ms: asked when there is a network, kept for when there is none. */
function useOffset(): number {
  const [offset, setOffset] = useState(() => Number(localStorage.getItem(OFFSET) ?? 0) || 0);
  useEffect(() => {
    const ask = async () => {
      const sent = Date.now();
      const said = Date.parse((await fetch('/healthz', { cache: 'no-store' })).headers.get('date') ?? '');
      if (!Number.isFinite(said)) return;
      // The header counts whole seconds.
      const now = Math.round(said + 500 - (sent + Date.now()) / 2);
      localStorage.setItem(OFFSET, String(now));
      setOffset(now);
    };
    const tick = () => void ask().catch(() => undefined);
    tick();
    const timer = setInterval(tick, 30 * 60_000);
    return () => clearInterval(timer);
  }, []);
  return offset;
}

/** Shown at a customer, day and night: the code of this half minute. Works without a network once it was opened. */
export function CodeScreen() {
  const t = useT(codeScreenText);
  const language = useLanguage();
  const [hash, setHash] = useState(() => location.hash || localStorage.getItem(KEPT) || '');
  const known = useMemo(() => readSecret(hash), [hash]);
  const offset = useOffset();
  const [now, setNow] = useState(() => Date.now());
  const [said, setSaid] = useState<string | null>(null);
  useAwake();
  useEffect(() => {
    if (known) localStorage.setItem(KEPT, hash);
    // The secret does not stay in the address for whoever looks over a shoulder or sends it on.
    if (location.hash) history.replaceState(history.state, '', location.pathname);
  }, [known, hash]);
  useEffect(() => {
    const changed = () => { if (location.hash) setHash(location.hash); };
    addEventListener('hashchange', changed);
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => {
      removeEventListener('hashchange', changed);
      clearInterval(timer);
    };
  }, []);
  const time = now + offset;
  const turn = Math.floor(time / TURN_MS);
  useEffect(() => {
    let gone = false;
    if (known) void digits(known.secret, turn).then((code) => { if (!gone) setSaid(code); });
    return () => { gone = true; };
  }, [known, turn]);

  const left = TURN_MS - (time % TURN_MS);
  return (
    <main className="code-screen">
      <button type="button" className="code-lang" onClick={() => setLanguage(language === 'en' ? 'zh' : 'en')}>{language === 'en' ? '中文' : 'English'}</button>
      {!known ? (
        <div className="code-none"><Icon name="scan" size={40} /><h1>{t('none')}</h1><p>{t('noneText')}</p></div>
      ) : (
        <>
          <h1>{known.customer || t('title')}</h1>
          <p>{t('how')}</p>
          {said ? <Square text={codeText(known.id, said)} label={t('square')} /> : <div className="code-square" />}
          <output className="code-digits" aria-label={t('digits')}>{said ? `${said.slice(0, 4)} ${said.slice(4)}` : '···· ····'}</output>
          <div className="code-left" role="progressbar" aria-label={t('left')} aria-valuemin={0} aria-valuemax={30} aria-valuenow={Math.ceil(left / 1000)}><i style={{ width: `${(100 * left) / TURN_MS}%` }} /></div>
          <p className="code-foot">{t('seconds', { count: Math.ceil(left / 1000) })}</p>
          {Math.abs(offset) > WRONG_MS ? <p className="code-warn" role="status"><Icon name="clock" size={18} />{t('clock', { minutes: Math.round(Math.abs(offset) / 60_000) })}</p> : null}
        </>
      )}
    </main>
  );
}

/** A text as a square, four modules of white around it. */
function Square({ text, label }: { text: string; label: string }) {
  const [size, path] = useMemo(() => {
    const modules = QrCode.encodeText(text, Ecc.MEDIUM).getModules();
    const cells = modules.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x + 4} ${y + 4}h1v1h-1z`] : [])));
    return [modules.length + 8, cells.join('')] as const;
  }, [text]);
  return <svg className="code-square" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} data-code={text} shapeRendering="crispEdges"><rect width={size} height={size} fill="#fff" /><path d={path} fill="#000" /></svg>;
}
