import type { Datum, ImportPreview } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { Checkbox, Select } from 'antd';
import { Section } from '../../kit/Section';
import { csv, save } from '../../kit/sheet';
import { kitText } from '../../kit/text';
import { importText } from './text';

const ERRORS_SHOWN = 50;
const SAMPLE_SHOWN = 5;
const DUPLICATES_SHOWN = 10;
const NOT_MAPPED = '';

/** What the file becomes: counts, matching of columns, first rows, every error with its row, column and content. */
export function ImportCheck({ preview, busy, skipLikely, onSkipLikely, onMapping, onDatum }: {
  preview: ImportPreview;
  busy: boolean;
  /** Whether rows that look like known ones are left out; absent where they always are. */
  skipLikely: boolean | undefined;
  onSkipLikely(skip: boolean): void;
  onMapping(mapping: Record<string, string | null>): void;
  onDatum(datum: Datum): void;
}) {
  const t = useT(importText);
  const kit = useT(kitText);
  const format = useFormat();
  const columnOptions = [
    { value: NOT_MAPPED, label: t('notMapped') },
    ...preview.columns.map((column) => ({ value: column, label: column })),
  ];
  const mapped = preview.fields.filter((field) => preview.mapping[field.key]);
  const duplicates = skipLikely === undefined ? t('duplicates') : t('likely');
  const hasPlace = preview.fields.some((field) => /^(lng|lat|longitude|latitude|at)$/.test(field.key) && preview.mapping[field.key]);

  return (
    <div aria-busy={busy}>
      <div className="row" style={{ marginBottom: 12 }}>
        <Icon name="file" className="m3" />
        <b className="clip">{preview.filename}</b>
        <span className="m3">{t('total', { count: preview.total })}</span>
      </div>
      <dl className="import-counts">
        <div><dd><span className="num fg-visit">{format.number(preview.ready)}</span></dd><dt>{t('ready')}</dt></div>
        <div>
          <dd><span className={preview.error_rows ? 'num fg-problem' : 'num'}>{format.number(preview.error_rows)}</span></dd>
          <dt>{t('errors')}</dt>
        </div>
        <div><dd><span className="num">{format.number(preview.duplicate_rows)}</span></dd><dt>{duplicates}</dt></div>
      </dl>
      <Section title={t('mapping')} detail={t('mappingHint')}>
        <div className="mapping">
          {preview.fields.map((field) => (
            <label key={field.key}>
              <span>
                {field.label}
                {field.required ? <span className="m3 s12"> {t('required')}</span> : null}
              </span>
              <Select
                aria-label={field.label}
                value={preview.mapping[field.key] ?? NOT_MAPPED}
                status={field.required && !preview.mapping[field.key] ? 'error' : undefined}
                options={columnOptions}
                disabled={busy}
                showSearch={{ optionFilterProp: 'label' }}
                onChange={(column) => onMapping({ ...preview.mapping, [field.key]: column || null })}
              />
            </label>
          ))}
        </div>
      </Section>
      {hasPlace ? (
        <Section title={t('datum')} detail={t('datumHint')}>
          <Select<Datum>
            aria-label={t('datum')}
            value={preview.datum}
            style={{ width: 240 }}
            disabled={busy}
            options={(['wgs84', 'gcj02', 'bd09'] as const).map((one) => ({ value: one, label: kit(`point.${one}`) }))}
            onChange={onDatum}
          />
        </Section>
      ) : null}
      {preview.errors.length ? (
        <Section
          title={t('errorRows')}
          detail={t('fixFirst')}
          action={
            <button type="button" className="btn sm" onClick={() => downloadErrors(preview, [t('row'), t('column'), t('value'), t('reason')])}>
              <Icon name="download" size={14} />{t('downloadErrors')}
            </button>
          }
        >
          <div className="scroll-x" tabIndex={0} role="region" aria-label={t('errorRows')}>
            <table className="tbl">
              <thead><tr><th className="r">{t('row')}</th><th>{t('column')}</th><th>{t('value')}</th><th>{t('reason')}</th></tr></thead>
              <tbody>
                {preview.errors.slice(0, ERRORS_SHOWN).map((one, index) => (
                  <tr key={index}>
                    <td className="r">{format.number(one.row)}</td>
                    <td>{one.column ?? '—'}</td>
                    <td className="clip" style={{ maxWidth: 140 }} title={one.value ?? undefined}>{one.value ?? '—'}</td>
                    <td className="wrap">{one.message}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          {preview.errors.length > ERRORS_SHOWN ? <p className="m3 s12">{t('moreErrors', { count: preview.errors.length - ERRORS_SHOWN })}</p> : null}
        </Section>
      ) : null}
      {preview.duplicates.length ? (
        <Section title={duplicates} detail={t(skipLikely === undefined ? 'duplicatesHint' : 'likelyHint')}>
          {skipLikely === undefined ? null : (
            <Checkbox checked={skipLikely} disabled={busy} style={{ marginBottom: 8 }} onChange={(event) => onSkipLikely(event.target.checked)}>
              {t('skipLikely', { count: preview.duplicate_rows })}
            </Checkbox>
          )}
          <div className="scroll-x" tabIndex={0} role="region" aria-label={duplicates}>
            <table className="tbl">
              <thead><tr><th className="r" style={{ width: 60 }}>{t('row')}</th><th>{t('match')}</th></tr></thead>
              <tbody>
                {preview.duplicates.slice(0, DUPLICATES_SHOWN).map((one) => (
                  <tr key={one.row}><td className="r">{format.number(one.row)}</td><td>{one.matches.name}</td></tr>
                ))}
              </tbody>
            </table>
          </div>
          {preview.duplicate_rows > DUPLICATES_SHOWN ? <p className="m3 s12">{t('moreRows', { count: preview.duplicate_rows - DUPLICATES_SHOWN })}</p> : null}
        </Section>
      ) : null}
      {preview.sample.length && mapped.length ? (
        <Section title={t('sample')}>
          <div className="scroll-x" tabIndex={0} role="region" aria-label={t('sample')}>
            <table className="tbl">
              <thead><tr>{mapped.map((field) => <th key={field.key}>{field.label}</th>)}</tr></thead>
              <tbody>
                {preview.sample.slice(0, SAMPLE_SHOWN).map((row, index) => (
                  <tr key={index}>{mapped.map((field) => <td key={field.key}>{row[field.key] ?? ''}</td>)}</tr>
                ))}
              </tbody>
            </table>
          </div>
        </Section>
      ) : null}
    </div>
  );
}

/** The errors as a file: row, column, what stood there, why it was refused. */
function downloadErrors(preview: ImportPreview, head: string[]): void {
  const lines = preview.errors.map((one) => [String(one.row), one.column ?? '', one.value ?? '', one.message]);
  save(`${preview.filename.replace(/\.[^.]+$/, '')}-errors.csv`, csv([head, ...lines]));
}
