import { useQuery } from '@tanstack/react-query';
import { api, type CollectSetup } from '@tashi/shared/api';
import { commonText, useT } from '@tashi/shared/i18n';
import { SkeletonRows } from '@tashi/shared/ui';
import { CopyLine } from '../../kit/CopyLine';
import { Modal } from '../../kit/Modal';
import { ProblemView } from '../../kit/ProblemView';
import { QrImage } from '../../kit/QrImage';
import { designerText } from './text';

/** How to set up ODK Collect: the code to scan, the address, and what to know. */
export function CollectHelp({ onClose }: { onClose(): void }) {
  const t = useT(designerText);
  const common = useT(commonText);
  const setup = useQuery({ queryKey: ['forms', 'collect'], queryFn: ({ signal }) => api.get<CollectSetup>('/openrosa/setup', { signal }) });
  return (
    <Modal title={t('collectTitle')} width={640} onClose={onClose} foot={<button type="button" className="btn" onClick={onClose}>{common('close')}</button>}>
      {setup.error ? <ProblemView error={setup.error} onRetry={() => setup.refetch()} /> : null}
      {setup.isPending ? <SkeletonRows /> : null}
      {setup.data ? (
        <div className="collect-help">
          <QrImage svg={setup.data.qr_svg} label={t('collectQr')} />
          <ol>
            <li>{t('collectStep1')}</li>
            <li>{t('collectStep2')}</li>
            <li>{t('collectStep3')}</li>
            <li>{t('collectStep4')}</li>
          </ol>
          <CopyLine label={t('collectUrl')} value={setup.data.url} />
          {setup.data.url.startsWith('https:') ? null : <p className="fg-problem s12">{t('collectHttps')}</p>}
          <p className="m3 s12">{t('collectLimits')}</p>
        </div>
      ) : null}
    </Modal>
  );
}
