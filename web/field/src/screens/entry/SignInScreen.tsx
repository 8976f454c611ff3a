import { useLiveQuery } from 'dexie-react-hooks';
import { type FormEvent, useEffect, useState } from 'react';
import { type SetupState, toProblem } from '@tashi/shared/api';
import { setLanguage, useFormat, useLanguage, useT } from '@tashi/shared/i18n';
import { Icon, Logo, problemText, RequestId } from '@tashi/shared/ui';
import { useOnline } from '../../app/context.tsx';
import { client, signIn } from '../../app/session.ts';
import { type Session, unsent } from '../../sync/store.ts';
import { entryText } from './text.ts';

/** First sign-in, or again after the token has run out; then the person's name and what waits are shown. */
export function SignInScreen({ before, onDemo }: { before: Session | null; onDemo(demo: boolean): void }) {
  const t = useT(entryText);
  const f = useFormat();
  const language = useLanguage();
  const online = useOnline();
  const [other, setOther] = useState(false);
  const same = before !== null && !other;
  const count = useLiveQuery(() => (before ? unsent(before.owner) : Promise.resolve(0)), [before?.owner]) ?? 0;
  const [login, setLogin] = useState(before?.me.employee.login ?? '');
  const [password, setPassword] = useState('');
  const [totp, setTotp] = useState<string | null>(null);
  const [shown, setShown] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState('');
  const [requestId, setRequestId] = useState<string | null>(null);
  // A server that holds a demo says so before anybody is in; without a network nothing is claimed.
  useEffect(() => {
    if (online && !before) void client.get<SetupState>('/setup').then((setup) => onDemo(setup.demo === true), () => undefined);
  }, [online, before, onDemo]);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError('');
    setRequestId(null);
    try {
      const session = await signIn(login.trim(), password, totp);
      if (!session.me.permissions.includes('field.work')) setError(t('notField'));
    } catch (failure) {
      const problem = toProblem(failure);
      if (problem.code === 'auth.totp_required') setTotp('');
      else {
        const words = problemText(problem);
        setRequestId(problem.request_id);
        setError(f.saying([words.title, words.detail]));
      }
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="phone">
      <form className="gate" onSubmit={(event) => void submit(event)}>
        <div className="row"><Logo size={44} /><span className="sp" /><button type="button" className="textlink" style={{ width: 'auto' }} lang={language === 'zh' ? 'en' : 'zh-CN'} onClick={() => setLanguage(language === 'zh' ? 'en' : 'zh')}><Icon name="globe" size={18} />{t('language')}</button></div>
        <h1>{same ? t('again') : t('welcome')}</h1>
        <p className="lead">{same ? t(count > 0 ? 'againLead' : 'againLeadNone', { name: before.me.employee.name, count }) : t('lead')}</p>
        {before && other && count > 0 ? <p className="say late"><Icon name="info" size={20} />{t('someoneElseText', { name: before.me.employee.name, count })}</p> : null}
        <label className="fld"><span>{t('login')}</span><input name="username" autoComplete="username" autoCapitalize="none" autoCorrect="off" spellCheck={false} required value={login} onChange={(e) => setLogin(e.target.value)} readOnly={same && login !== ''} /></label>
        <div className="fld" style={{ position: 'relative' }}>
          <label htmlFor="password" style={{ display: 'block', font: '500 14px/20px var(--font)', color: 'var(--ink-2)', marginBottom: 6 }}>{t('password')}</label>
          <input id="password" name="password" type={shown ? 'text' : 'password'} autoComplete="current-password" required value={password} onChange={(e) => setPassword(e.target.value)} style={{ paddingRight: 52 }} />
          <button type="button" className="ib" style={{ position: 'absolute', right: 2, bottom: 10 }} aria-label={t(shown ? 'hide' : 'show')} onClick={() => setShown(!shown)}><Icon name={shown ? 'eyeOff' : 'eye'} size={20} /></button>
        </div>
        {totp !== null ? <label className="fld"><span>{t('totp')}</span><input inputMode="numeric" autoComplete="one-time-code" maxLength={6} autoFocus placeholder={t('totpHint')} value={totp} onChange={(e) => setTotp(e.target.value.replace(/\D/g, ''))} /></label> : null}
        {error ? <p className="err" role="alert"><Icon name="warn" size={18} /><span>{error}<RequestId id={requestId} className="textlink id" /></span></p> : null}
        {!online ? <p className="err" style={{ color: 'var(--late)' }} role="status"><Icon name="noNetwork" size={18} />{t('needNetwork')}</p> : null}
        <span className="sp" style={{ minHeight: 16 }} />
        <button type="submit" className="cta" disabled={busy}>{busy ? t('signingIn') : t('signIn')}</button>
        {same ? <button type="button" className="textlink" onClick={() => { setOther(true); setLogin(''); }}>{t('someoneElse')}</button> : null}
      </form>
    </div>
  );
}
