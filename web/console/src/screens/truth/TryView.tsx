import { Link } from '@tanstack/react-router';
import { api, type DemoAttack, type DemoAttackKind } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { useState } from 'react';
import { ProblemView } from '../../kit/ProblemView';
import { BandWord } from './FindingParts';
import { truthText } from './text';

const KINDS: DemoAttackKind[] = ['honest', 'away', 'clock', 'second_person', 'mock', 'patient_forger'];

/** Listed attacks, run live against the demo company: each is found, or honestly not. */
export function TryView() {
  const t = useT(truthText);
  const format = useFormat();
  const [busy, setBusy] = useState<DemoAttackKind | null>(null);
  const [done, setDone] = useState<Partial<Record<DemoAttackKind, DemoAttack>>>({});
  const [error, setError] = useState<unknown>(null);
  const run = async (kind: DemoAttackKind) => {
    setBusy(kind);
    setError(null);
    try {
      const outcome = await api.post<DemoAttack>('/demo/attacks', { kind });
      setDone((old) => ({ ...old, [kind]: outcome }));
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(null);
    }
  };
  return (
    <section className="card truth-scroll">
      <div className="hd"><h2>{t('try')}</h2><span className="sub">{t('trySub')}</span></div>
      {error ? <div style={{ padding: '0 16px 12px' }}><ProblemView error={error} compact /></div> : null}
      <table className="truth-table">
        <thead><tr><th>{t('tryWhat')}</th><th>{t('tryResult')}</th><th /></tr></thead>
        <tbody>
          {KINDS.map((kind) => {
            const outcome = done[kind];
            return (
              <tr key={kind}>
                <td><b>{t(`try.${kind}`)}</b><div className="m3">{t(`try.${kind}.detail`)}</div></td>
                <td>
                  {outcome ? (
                    <span className="row g6" style={{ flexWrap: 'wrap' }}>
                      <BandWord band={outcome.band} />
                      {outcome.found.map((one) => <span key={one.code} className="tag">{one.title}</span>)}
                      <span className={outcome.as_expected ? 'fg-visit' : 'fg-late'}>{t(outcome.expected === null ? (outcome.as_expected ? (kind === 'honest' ? 'tryGreen' : 'tryMissed') : 'tryOdd') : outcome.as_expected ? 'tryFound' : 'tryOdd')}</span>
                      <span className="m3">{t('tryTook', { ms: format.number(outcome.ms) })}</span>
                      {outcome.visit_id ? <Link to="/visits/$id" params={{ id: outcome.visit_id }} className="s12">{t('openVisit')}</Link> : null}
                    </span>
                  ) : <span className="m3">—</span>}
                </td>
                <td className="num"><button type="button" className="btn sm" disabled={busy !== null} onClick={() => void run(kind)}><Icon name="play" size={13} />{t('tryRun')}</button></td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
