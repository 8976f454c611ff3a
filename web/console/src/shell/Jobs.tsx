import { useNavigate } from '@tanstack/react-router';
import type { ApiProblem } from '@tashi/shared/api';
import { useT } from '@tashi/shared/i18n';
import { Ago, Icon, problemText } from '@tashi/shared/ui';
import { shellText } from '../app/text';
import { putAway, useJobs, type Job } from '../kit/jobs';
import { Popover } from '../kit/Popover';

/** The ring: shown while something long is under way or its result waits; opens the list of it. */
export function Jobs() {
  const t = useT(shellText);
  const jobs = useJobs();
  const busy = jobs.filter((job) => job.state === 'running').length;
  const failed = jobs.filter((job) => job.state === 'failed').length;
  if (!jobs.length) return null;
  const label = busy ? t('jobsRunning', { count: busy }) : failed ? t('jobsFailed', { count: failed }) : t('jobs');
  return (
    <Popover
      label={label}
      className="icb"
      align="end"
      trigger={
        <>
          <span className={busy ? 'job-ring busy' : failed ? 'job-ring failed' : 'job-ring'}>
            {busy ? null : <Icon name={failed ? 'warn' : 'check'} size={11} />}
          </span>
          {busy > 1 ? <span className="n" aria-hidden="true">{busy}</span> : null}
        </>
      }
    >
      {(close) => (
        <section className="notices" aria-label={t('jobs')}>
          <h2 className="notices-head">{t('jobs')}</h2>
          <ul>{jobs.map((job) => <JobLine key={job.id} job={job} onDone={close} />)}</ul>
        </section>
      )}
    </Popover>
  );
}

function JobLine({ job, onDone }: { job: Job; onDone(): void }) {
  const t = useT(shellText);
  const navigate = useNavigate();
  const { result, problem } = job;
  return (
    <li className="notice job">
      <span className="row">
        <b className="clip">{job.title}</b>
        <Ago at={job.startedAt} className="end s11 m3 nw" />
        {job.state === 'running' ? null : (
          <button type="button" className="icb small" aria-label={t('jobPutAway', { title: job.title })} title={t('jobPutAway', { title: job.title })} onClick={() => putAway(job.id)}>
            <Icon name="close" size={13} />
          </button>
        )}
      </span>
      {job.state === 'running' ? (
        <progress aria-label={job.title} {...(job.progress === null ? {} : { value: job.progress })} />
      ) : null}
      <span className="row s12">
        <span className={job.state === 'failed' ? 'fg-problem' : 'm2'}>
          {job.state === 'failed' && problem ? reason(problem) : t(`job.${job.state}`)}
        </span>
        <span className="sp" />
        {job.stop ? <button type="button" className="btn sm" onClick={job.stop}>{t('jobStop')}</button> : null}
        {job.state === 'failed' && job.retry ? <button type="button" className="btn sm" onClick={job.retry}>{t('jobRetry')}</button> : null}
        {result && 'again' in result ? <button type="button" className="btn sm" onClick={result.again}>{t('jobSaveAgain')}</button> : null}
        {result && 'href' in result ? (
          <button type="button" className="btn sm" onClick={() => { onDone(); void navigate({ href: result.href }); }}>{t('jobOpen')}</button>
        ) : null}
      </span>
      {job.note ? <span className="s12 m2">{job.note}</span> : null}
    </li>
  );
}

function reason(problem: ApiProblem): string {
  const { title, detail } = problemText(problem);
  return `${title} ${detail}`;
}
