import { skipToken, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, type Datum, type ImportKind, type ImportPreview, type ImportResult } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Icon, SkeletonRows } from '@tashi/shared/ui';
import { Button } from 'antd';
import { useState } from 'react';
import { EntityDrawer } from '../../kit/EntityDrawer';
import { ProblemView } from '../../kit/ProblemView';
import { commitImport, countsKey } from './commit';
import { ImportCheck } from './ImportCheck';
import { ImportFile } from './ImportFile';
import { importText } from './text';
import './imports.css';

export interface ImportDrawerProps {
  kind: ImportKind;
  /** Of an object, whose name is not ours. */
  name?: string;
  /** An import that has been started; its address can be shared and reopened. */
  id: string | undefined;
  onId(id: string | undefined): void;
  onClose(): void;
}

/** Import in three steps: choose a file, check what it becomes, write it. Nothing is written before the last click. */
export function ImportDrawer({ kind, name, id, onId, onClose }: ImportDrawerProps) {
  const t = useT(importText);
  const format = useFormat();
  const title = kind === 'employees' || kind === 'customers' || kind === 'equipment' || kind === 'meter-readings' ? t(`title.${kind}`) : t('title.object', { name: name ?? '' });
  const client = useQueryClient();
  // Of customers a row may only look like a known one; elsewhere a known one is known by its number.
  const likely = kind === 'customers';
  const [skipLikely, setSkipLikely] = useState(true);
  const result = useQuery<ImportResult>({ queryKey: countsKey(id), queryFn: skipToken }).data;
  const key = ['imports', id];
  const preview = useQuery({
    queryKey: key,
    queryFn: () => api.get<ImportPreview>('/imports/{id}', { params: { id: id ?? '' } }),
    enabled: !!id,
    staleTime: Infinity,
  });
  const change = useMutation({
    mutationFn: (body: { mapping?: Record<string, string | null>; datum?: Datum }) =>
      api.patch<ImportPreview>('/imports/{id}', body, { params: { id: id ?? '' } }),
    onSuccess: (next) => client.setQueryData(key, next),
  });
  const commit = useMutation({
    mutationFn: async (skipErrors: boolean) => {
      // Once asked, the server writes all of it or nothing; the drawer and the page may be left meanwhile.
      const end = await commitImport(format.dots([title, preview.data?.filename]), { id: id ?? '', kind, skipErrors, skipDuplicates: likely && skipLikely });
      if (end.problem) throw end.problem;
    },
  });

  const data = preview.data;
  const step = result || data?.status === 'committed' ? 2 : id ? 1 : 0;
  const missing = data?.fields.filter((field) => field.required && !data.mapping[field.key]) ?? [];
  const errorRows = data?.error_rows ?? 0;
  const taken = data ? data.ready - (likely && skipLikely ? data.duplicate_rows : 0) : 0;

  return (
    <EntityDrawer
      title={title}
      width={720}
      onClose={onClose}
      subtitle={
        <ol className="steps compact">
          {(['file', 'check', 'done'] as const).map((one, index) => (
            <li key={one} className={index < step ? 'done' : index === step ? 'now' : ''} aria-current={index === step ? 'step' : undefined}>
              {t(`step.${one}`)}
            </li>
          ))}
        </ol>
      }
      foot={
        step === 1 && data ? (
          <>
            <Button
              type="primary"
              disabled={missing.length > 0 || taken === 0}
              loading={commit.isPending}
              onClick={() => commit.mutate(errorRows > 0)}
            >
              {missing.length
                ? t('missing', { fields: format.names(missing.map((one) => one.label)) })
                : taken === 0
                  ? t('nothing')
                  : errorRows
                    ? t('commitSkip', { errors: format.number(errorRows), count: format.number(taken) })
                    : t('commitAll', { count: taken })}
            </Button>
            <Button disabled={commit.isPending} onClick={() => onId('start')}>{t('another')}</Button>
            <span className="m3 s12">{t('atomic')}</span>
          </>
        ) : undefined
      }
    >
      <div className="drawer-pad">
        {step === 0 ? <ImportFile kind={kind} onStarted={(started) => { client.setQueryData(['imports', started.id], started); onId(started.id); }} /> : null}
        {step === 1 && preview.error ? <ProblemView error={preview.error} onRetry={() => preview.refetch()} /> : null}
        {step === 1 && preview.isPending ? <SkeletonRows /> : null}
        {step === 1 && data ? (
          <>
            {commit.error ? <ProblemView error={commit.error} compact /> : null}
            {change.error ? <ProblemView error={change.error} compact /> : null}
            <ImportCheck
              preview={data}
              busy={change.isPending}
              skipLikely={likely ? skipLikely : undefined}
              onSkipLikely={setSkipLikely}
              onMapping={(mapping) => change.mutate({ mapping })}
              onDatum={(datum) => change.mutate({ datum })}
            />
          </>
        ) : null}
        {step === 2 ? (
          <div className="import-done">
            <Icon name="okCircle" size={28} className="fg-visit" />
            <h3 className="s16 w7">{t('doneTitle')}</h3>
            {result ? (
              <dl className="import-counts">
                {(['created', 'updated', 'skipped'] as const).map((one) => (
                  <div key={one}>
                    <dd><span className="num">{format.number(result[one])}</span><span className="unit">{t('rows')}</span></dd>
                    <dt>{t(one)}</dt>
                  </div>
                ))}
              </dl>
            ) : (
              <p className="m2">{t('committed')}</p>
            )}
            <Button type="primary" onClick={onClose}>{t('see')}</Button>
          </div>
        ) : null}
      </div>
    </EntityDrawer>
  );
}
