import { Link } from '@tanstack/react-router';
import { useT } from '@tashi/shared/i18n';
import { useCan } from '../../app/session';
import { customText } from '../custom/text';
import { objectsText } from '../objects/text';
import { designerText } from './text';

/** What a company designs: its forms, the templates they are steps of, and objects of its own. */
export function DesignerSections() {
  const t = useT(designerText);
  const mayFlows = useCan('flow.write');
  const objects = useT(objectsText);
  const fields = useT(customText);
  const canWrite = useCan('form.write');
  const on = { className: 'on', 'aria-current': 'page' as const };
  return (
    <nav className="seg designer-sections" aria-label={t('sections')}>
      <Link to="/designer/forms" activeProps={on}>{t('title')}</Link>
      <Link to="/designer/templates" activeOptions={{ includeSearch: false }} activeProps={on}>{t('templates')}</Link>
      {mayFlows ? <Link to="/designer/flows" activeProps={on}>{t('flows')}</Link> : null}
      {canWrite ? <Link to="/designer/objects" activeProps={on}>{objects('title')}</Link> : null}
      {canWrite ? <Link to="/designer/fields" activeProps={on}>{fields('title')}</Link> : null}
    </nav>
  );
}
