import { toProblem } from '@tashi/shared/api';
import { commonText, useLanguage, useT } from '@tashi/shared/i18n';
import { Icon, problemText, RequestId } from '@tashi/shared/ui';

/** What failed, why, how to go on, and the request id to copy. A card fails alone: put it where the content would be. */
export function ProblemView({ error, onRetry, compact }: { error: unknown; onRetry?: () => unknown; compact?: boolean }) {
  const t = useT(commonText);
  const language = useLanguage();
  const problem = toProblem(error);
  const words = problemText(problem, language);
  return (
    <div className={compact ? 'problem-view compact' : 'problem-view'} role="alert">
      <Icon name="warn" size={compact ? 16 : 20} className="fg-problem" />
      <div className="problem-words">
        <b>{words.title}</b>
        {words.detail ? <p>{words.detail}</p> : null}
        {problem.fields.length ? (
          <ul>
            {problem.fields.map((one) => (
              <li key={one.field + one.code}>{one.message}</li>
            ))}
          </ul>
        ) : null}
        <div className="row" style={{ flexWrap: 'wrap' }}>
          {onRetry ? (
            <button type="button" className="btn sm" onClick={() => void onRetry()}>
              <Icon name="sync" size={14} />
              {t('retry')}
            </button>
          ) : null}
          <RequestId id={problem.request_id} />
        </div>
      </div>
    </div>
  );
}
