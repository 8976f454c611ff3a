import { ApiProblem, toProblem } from '../api/problem';
import { commonText, translate, type Language, currentLanguage } from '../i18n';

/** Title and detail of any failure in the language of the screen; the server's own words when it sent some. */
export function problemText(error: unknown, language: Language = currentLanguage()): { title: string; detail: string } {
  const problem: ApiProblem = toProblem(error);
  const t = translate(commonText, language);
  if (problem.code === 'network') return { title: t('problem.network.title'), detail: t('problem.network.detail') };
  if (problem.code === 'client') return { title: t('problem.client.title'), detail: problem.detail };
  if (problem.title) return { title: problem.title, detail: problem.detail };
  return { title: t('problem.unknown.title'), detail: t('problem.unknown.detail', { status: problem.status }) };
}
