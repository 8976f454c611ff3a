import { useLiveQuery } from 'dexie-react-hooks';
import { useEffect } from 'react';
import type { FieldPractice, PracticeTemplate } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Icon, SkeletonRows, toast } from '@tashi/shared/ui';
import { useCached } from '../../app/cached.ts';
import { useField, useOnline } from '../../app/context.tsx';
import { client } from '../../app/session.ts';
import { Empty, Page } from '../../shell/Page.tsx';
import { Link, go } from '../../shell/router.tsx';
import { saving } from '../../shell/saving.ts';
import { db } from '../../sync/store.ts';
import { tendLibrary } from '../../work/library.ts';
import { dropPractice, practiceOwner, startPractice } from '../../work/practice.ts';
import type { LocalVisit } from '../../work/visit.ts';
import { PracticeBanner } from '../visit/VisitScreen.tsx';
import { practiceText } from './text.ts';

/** Real templates to practise with, and what was practised on this phone. */
export function PracticeScreen() {
  const t = useT(practiceText);
  const { owner } = useField();
  const online = useOnline();
  const offer = useCached<FieldPractice>('practice', () => client.get<FieldPractice>('/field/practice'));
  const mine = useLiveQuery(() => db.visits.where('owner').equals(practiceOwner(owner)).reverse().sortBy('id'), [owner]);
  const begun = mine?.length ?? 0;
  useEffect(() => {
    // The pictures of the guides come along once a practice names them.
    if (online && begun > 0) void tendLibrary(client, owner).catch(() => undefined);
  }, [online, begun, owner]);
  const start = async (template: PracticeTemplate) => {
    if (!offer.data) return;
    let id = '';
    if (await saving(startPractice(owner, template, offer.data, t('customer')).then((made) => { id = made; }))) go(`/visit/${id}`);
  };
  return (
    <Page title={t('title')} backTo="/new" head={<PracticeBanner />}>
      <p className="mx m2" style={{ padding: '10px 4px 4px', font: '15px/23px var(--font)' }}>{t('intro')}</p>
      {mine?.length ? (
        <>
          <h2 className="h3">{t('begun')}</h2>
          <ul className="card list mx">{mine.map((one) => <Mine key={one.id} visit={one} />)}</ul>
        </>
      ) : null}
      <h2 className="h3">{t('choose')}</h2>
      {!offer.data ? (offer.data === null && !online ? <Empty title={t('none')} text={t('needNet')} /> : <SkeletonRows rows={3} height={64} />) : offer.data.templates.length === 0 ? <Empty title={t('none')} text={t('noneText')} /> : (
        <div className="card list mx" style={{ marginBottom: 16 }}>
          {offer.data.templates.map((one) => (
            <button type="button" key={one.id} className="li" onClick={() => void start(one)}>
              <span className="ico"><Icon name="flag" size={22} /></span><span style={{ minWidth: 0 }}><b className="clip">{one.name}</b><span className="d" style={{ display: 'block' }}>{t('steps', { count: one.steps.length })}</span></span><Icon name="play" size={20} className="m3" />
            </button>
          ))}
        </div>
      )}
    </Page>
  );
}

function Mine({ visit }: { visit: LocalVisit }) {
  const t = useT(practiceText);
  const f = useFormat();
  const done = visit.steps.filter((step) => visit.answers[step.id]?.status === 'done').length;
  return (
    <li className="li">
      <span className="ico"><Icon name={visit.status === 'done' ? 'okCircle' : 'flag'} size={22} /></span>
      <Link to={`/visit/${visit.id}`} className="practice-link"><b className="clip" style={{ display: 'block' }}>{visit.practice?.template}</b><span className="d" style={{ display: 'block' }}>{f.dots([t(visit.status === 'done' ? 'done' : 'goOn'), t('doneOf', { done, total: visit.steps.length }), f.dateTime(visit.check_in.at)])}</span></Link>
      <button type="button" className="ib" aria-label={t('drop')} onClick={() => void dropPractice(visit.id).then(() => toast(t('dropped')))}><Icon name="trash" size={20} /></button>
    </li>
  );
}
