import { useQuery } from '@tanstack/react-query';
import { api, type FormPage, type FormSummary, type Query, type QuestionSummary } from '@tashi/shared/api';
import { said } from '@tashi/shared/forms/said.ts';
import { useFormat, useLanguage, useT } from '@tashi/shared/i18n';
import { SkeletonRows } from '@tashi/shared/ui';
import { EntityDrawer } from '../../kit/EntityDrawer';
import { ProblemView } from '../../kit/ProblemView';
import { designerText } from './text';

/** Kinds whose answers a list can be narrowed to. */
const OPENED: readonly string[] = ['choice', 'choices', 'yes_no'];

/** What the records of the list were answered with, question by question; an answer opens the records that gave it. */
export function SummaryDrawer({ form, query, onClose, onOpen }: { form: FormPage; query: Query; onClose(): void; onOpen(field: string, value: string): void }) {
  const t = useT(designerText);
  const language = useLanguage();
  const summary = useQuery({
    queryKey: ['forms', 'summary', query],
    queryFn: ({ signal }) => api.get<FormSummary>('/form-records/summary', { query, signal }),
    placeholderData: (old) => old,
  });
  return (
    <EntityDrawer title={t('summary')} subtitle={said(form.title, language) || form.key} onClose={onClose} foot={<span className="s12 m3">{summary.data ? t('summaryOf', { count: summary.data.records }) : ''}</span>}>
      <div className="drawer-pad stack summary">
        {summary.error ? <ProblemView error={summary.error} compact onRetry={() => summary.refetch()} /> : !summary.data ? <SkeletonRows /> : summary.data.records === 0 ? <p className="m2">{t('recordsNone')}</p>
          : summary.data.questions.map((one) => <Question key={one.key} question={one} records={summary.data.records} onOpen={(value) => onOpen(one.key, value)} />)}
      </div>
    </EntityDrawer>
  );
}

function Question({ question, records, onOpen }: { question: QuestionSummary; records: number; onOpen(value: string): void }) {
  const t = useT(designerText);
  const format = useFormat();
  const language = useLanguage();
  const name = said(question.label, language) || question.key;
  const most = Math.max(1, ...question.given.map((one) => one.count));
  const word = (value: string, label: QuestionSummary['label']): string => {
    if (question.type === 'yes_no') return t(value === 'true' ? 'yes' : 'no');
    if (question.type === 'check') return t(value === 'pass' || value === 'fail' ? `check.${value}` : 'check.na');
    return said(label, language) || value;
  };
  return (
    <section className="summary-question" aria-label={name}>
      <h3 className="s14 w7">{name} <span className="s12 m3">{t('answeredOf', { answered: question.answered, records })}</span></h3>
      {question.given.length ? (
        <ul>
          {question.given.map((one) => {
            const words = word(one.value, one.label);
            const line = <><span className="clip">{words}</span><span className="summary-bar" aria-hidden="true"><i style={{ width: `${(100 * one.count) / most}%` }} /></span><span className="tabular">{format.number(one.count)} · {format.percent(question.answered ? one.count / question.answered : 0)}</span></>;
            return (
              <li key={one.value}>
                {OPENED.includes(question.type) && one.count > 0
                  ? <button type="button" className="summary-line" aria-label={t('openAnswer', { name, answer: words, count: one.count })} onClick={() => onOpen(one.value)}>{line}</button>
                  : <span className="summary-line">{line}</span>}
              </li>
            );
          })}
        </ul>
      ) : null}
      {question.mean === null ? null : <p className="s12 m2">{t('spread', { min: format.number(question.min ?? 0, 2), mean: format.number(question.mean, 2), max: format.number(question.max ?? 0, 2) })}</p>}
    </section>
  );
}
