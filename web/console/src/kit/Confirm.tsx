import { commonText, useT } from '@tashi/shared/i18n';
import { useState, type ReactNode } from 'react';
import { Modal } from './Modal';
import { ProblemView } from './ProblemView';

/** Only for what cannot be undone. The title names the object; the button is the verb. */
export function Confirm({ title, detail, verb, run, onClose }: {
  title: string;
  detail: ReactNode;
  verb: string;
  run(): Promise<unknown>;
  onClose(): void;
}) {
  const t = useT(commonText);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  return (
    <Modal
      title={title}
      width={440}
      onClose={onClose}
      foot={
        <>
          <button type="button" className="btn" data-autofocus onClick={onClose}>{t('cancel')}</button>
          <button
            type="button"
            className="btn danger-fill"
            disabled={busy}
            onClick={async () => {
              setBusy(true);
              setError(null);
              try {
                await run();
                onClose();
              } catch (failure) {
                setError(failure);
                setBusy(false);
              }
            }}
          >
            {verb}
          </button>
        </>
      }
    >
      <div className="m2">{detail}</div>
      {error ? <div style={{ marginTop: 12 }}><ProblemView error={error} compact /></div> : null}
    </Modal>
  );
}
