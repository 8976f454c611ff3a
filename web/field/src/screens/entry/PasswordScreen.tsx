import { type FormEvent, useState } from 'react';
import { type Me, toProblem } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Icon, problemText, RequestId, toast } from '@tashi/shared/ui';
import { client } from '../../app/session.ts';
import { BackButton } from '../../shell/Page.tsx';
import { go } from '../../shell/router.tsx';
import { getKey, setKey } from '../../sync/store.ts';
import { entryText } from './text.ts';

/** A password of the person's own; `forced` after the first sign-in. */
export function PasswordScreen({ forced }: { forced: boolean }) {
  const t = useT(entryText);
  const f = useFormat();
  const [old, setOld] = useState('');
  const [fresh, setFresh] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState('');
  const [requestId, setRequestId] = useState<string | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError('');
    setRequestId(null);
    try {
      await client.post('/me/password', { old, new: fresh });
      const me = await client.get<Me>('/me').catch(() => null);
      const session = await getKey('session');
      if (session) await setKey('session', { ...session, me: me ?? { ...session.me, must_change_password: false } });
      toast(t('changed'));
      if (!forced) go('/me', { replace: true });
    } catch (failure) {
      const words = problemText(failure);
      setRequestId(toProblem(failure).request_id);
      setError(f.saying([words.title, words.detail]));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="phone">
      {forced ? null : <header className="nav back"><BackButton to="/me" /><h1>{t('changeTitle')}</h1></header>}
      <form className="gate" onSubmit={(event) => void submit(event)}>
        {forced ? <><h1>{t('mustChange')}</h1><p className="lead">{t('mustChangeLead')}</p></> : null}
        <label className="fld"><span>{t('old')}</span><input type="password" autoComplete="current-password" required value={old} onChange={(e) => setOld(e.target.value)} /></label>
        <label className="fld"><span>{t('fresh')}</span><input type="password" autoComplete="new-password" required minLength={10} value={fresh} onChange={(e) => setFresh(e.target.value)} /></label>
        <p className="m3" style={{ font: '14px/20px var(--font)' }}>{t('freshHint')}</p>
        {error ? <p className="err" role="alert"><Icon name="warn" size={18} /><span>{error}<RequestId id={requestId} className="textlink id" /></span></p> : null}
        <span className="sp" style={{ minHeight: 16 }} />
        <button type="submit" className="cta" disabled={busy}>{busy ? t('sending') : t('save')}</button>
      </form>
    </div>
  );
}
