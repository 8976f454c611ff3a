import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { api, toProblem, type FormLoss, type FormPage, type XlsformLosses, type XlsformReading } from '@tashi/shared/api';
import { said } from '@tashi/shared/forms/said.ts';
import { commonText, useLanguage, useT } from '@tashi/shared/i18n';
import { Icon, SkeletonRows } from '@tashi/shared/ui';
import { useRef, useState } from 'react';
import { Download } from '../../kit/Download';
import { Modal } from '../../kit/Modal';
import { ProblemView } from '../../kit/ProblemView';
import { designerText } from './text';
import { useCreateForm } from './useForms';

const MAX_BYTES = 4 * 1024 * 1024;

/** A form made from an XLSForm: what is lost stands there before anything is made. */
export function ImportXlsform({ taken, onClose }: { taken: ReadonlySet<string>; onClose(): void }) {
  const t = useT(designerText);
  const common = useT(commonText);
  const language = useLanguage();
  const navigate = useNavigate();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [refused, setRefused] = useState<'xlsTooBig' | 'xlsWrongType' | null>(null);
  const [name, setName] = useState('');
  const [key, setKey] = useState('');
  const create = useCreateForm();
  const read = useMutation({
    mutationFn: (file: File) => api.post<XlsformReading>('/forms/xlsform', file),
    onSuccess: (reading) => {
      setName(said(reading.spec?.title, language));
      let free = reading.key;
      for (let n = 2; taken.has(free); n += 1) free = `${reading.key.slice(0, 36)}_${n}`;
      setKey(free);
    },
  });
  const take = (file: File | undefined) => {
    if (!file) return;
    const reason = !/\.xlsx$/i.test(file.name) ? 'xlsWrongType' : file.size > MAX_BYTES ? 'xlsTooBig' : null;
    setRefused(reason);
    if (!reason) read.mutate(file);
  };
  const spec = read.data?.spec;
  const losses = read.data?.losses ?? [];
  const faults = read.data?.faults ?? [];
  const taking = create.error ? toProblem(create.error).fields.find((one) => one.field === 'key') : undefined;
  const make = () => {
    if (!spec) return;
    const title = { ...spec.title, [language === 'en' ? 'en' : 'zh-CN']: name.trim() };
    create.mutate({ key, spec: { ...spec, title } }, { onSuccess: (page) => void navigate({ to: '/designer/forms/$id', params: { id: page.id } }) });
  };
  return (
    <Modal
      title={t('xlsImport')}
      width={720}
      onClose={onClose}
      foot={
        <>
          {read.data ? <button type="button" className="btn" onClick={() => input.current?.click()}>{t('xlsOther')}</button> : null}
          <span className="sp" />
          <button type="button" className="btn" onClick={onClose}>{common('cancel')}</button>
          {spec ? <button type="button" className="btn pri" disabled={!name.trim() || !key || create.isPending} onClick={make}>{t('make')}</button> : null}
        </>
      }
    >
      <input
        ref={input}
        type="file"
        accept=".xlsx"
        hidden
        onChange={(event) => {
          take(event.target.files?.[0]);
          event.target.value = '';
        }}
      />
      {read.data ? null : (
        <div
          className={over ? 'xls-drop over' : 'xls-drop'}
          onDragOver={(event) => {
            event.preventDefault();
            setOver(true);
          }}
          onDragLeave={() => setOver(false)}
          onDrop={(event) => {
            event.preventDefault();
            setOver(false);
            take(event.dataTransfer.files[0]);
          }}
        >
          <Icon name="upload" size={28} className="m3" />
          {read.isPending ? <b aria-live="polite">{t('xlsReading', { name: read.variables.name })}</b> : (
            <>
              <b>{t('xlsDrop')}</b>
              <button type="button" className="btn pri" data-autofocus onClick={() => input.current?.click()}>{t('xlsChoose')}</button>
            </>
          )}
          <p className="m3 s12">{t('xlsWhat')}</p>
        </div>
      )}
      {refused ? <p className="fg-problem" role="alert">{t(refused)}</p> : null}
      {read.error ? <ProblemView error={read.error} compact /> : null}
      {read.data && !spec ? <p className="xls-verdict fg-problem" role="alert"><Icon name="warn" size={16} /><b>{t('xlsRefused')}</b> {t('xlsRefusedDetail')}</p> : null}
      {spec ? (
        <>
          <p className="xls-verdict" role="status"><Icon name="check" size={16} className="fg-visit" /><b>{t('xlsRead', { count: spec.fields.length })}</b> {losses.length ? t('xlsLosses', { count: losses.length }) : t('xlsNoLosses')}</p>
          <div className="form-2 library-name">
            <label className="stack"><span className="s12 m2">{t('name')}</span><input className="plain-input" value={name} maxLength={80} onChange={(e) => setName(e.target.value)} /></label>
            <label className="stack">
              <span className="s12 m2">{t('key')}</span>
              <input className="plain-input mono" value={key} maxLength={40} aria-invalid={taking ? true : undefined} onChange={(e) => setKey(e.target.value)} />
              <span className={`s12 ${taking ? 'fg-problem' : 'm3'}`}>{taking?.message ?? t('keyHint')}</span>
            </label>
          </div>
          {faults.length ? <p className="fg-late s12">{t('xlsFaults', { count: faults.length })}</p> : null}
        </>
      ) : null}
      <Losses losses={losses} />
      {create.error && !taking ? <ProblemView error={create.error} compact /> : null}
    </Modal>
  );
}

/** The form as an XLSForm, with what other programs will not know of it. */
export function ExportXlsform({ form, onClose }: { form: FormPage; onClose(): void }) {
  const t = useT(designerText);
  const common = useT(commonText);
  const found = useQuery({
    queryKey: ['forms', 'xlsform', form.id, form.version],
    queryFn: ({ signal }) => api.get<XlsformLosses>('/forms/{id}/xlsform', { params: { id: form.id }, signal }),
  });
  const losses = found.data?.losses ?? [];
  const refused = losses.some((one) => one.refused);
  return (
    <Modal
      title={t('xlsExport')}
      width={720}
      onClose={onClose}
      foot={
        <>
          <button type="button" className="btn" onClick={onClose}>{common('close')}</button>
          {found.data && !refused ? <Download path="/forms/{id}/xlsform.xlsx" params={{ id: form.id }} fallback={`${form.key}.xlsx`} label={t('xlsExportDo')} look="primary" /> : null}
        </>
      }
    >
      {found.error ? <ProblemView error={found.error} onRetry={() => found.refetch()} /> : null}
      {found.isPending ? <SkeletonRows /> : null}
      {found.data ? (
        <p className={refused ? 'xls-verdict fg-problem' : 'xls-verdict'} role="status">
          <Icon name={refused ? 'warn' : 'check'} size={16} className={refused ? undefined : 'fg-visit'} />
          {refused ? t('xlsCannot') : losses.length ? t('xlsOwn', { count: losses.length }) : t('xlsWhole')}
        </p>
      ) : null}
      <Losses losses={losses} />
    </Modal>
  );
}

/** What is lost, by its place in the sheet; what is refused comes first. */
function Losses({ losses }: { losses: readonly FormLoss[] }) {
  const t = useT(designerText);
  if (losses.length === 0) return null;
  return (
    <div className="xls-losses" tabIndex={0} role="group" aria-label={t('xlsList')}>
      <table className="tbl">
        <thead><tr><th>{t('xlsPlace')}</th><th>{t('xlsAbout')}</th><th>{t('xlsHappens')}</th></tr></thead>
        <tbody>
          {losses.map((one, n) => (
            <tr key={n}>
              <td className="mono s12">{one.row ? `${one.sheet} ${one.row}` : one.sheet}{one.column ? ` · ${one.column}` : ''}</td>
              <td className="mono s12 wrap">{one.name}</td>
              <td className={one.refused ? 'wrap fg-problem' : 'wrap'}>{one.message}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
