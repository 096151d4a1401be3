import { Button } from '@mantine/core'
import { IconLinkOff } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { problemText, toProblem } from '@/api/problem'
import { useFormat } from '@/i18n/format'
import { BrandStill } from '@/ui/brand'
import { LanguageSwitch } from '@/ui/language-switch'
import { useDocumentTitle } from '@/ui/page'
import classes from './signing.module.css'

const titles = {
  link_expired: 'expired_title',
  session_missing: 'session_title',
  network: 'offline_title',
} as const

/** The link does not open: says why, and what the signer can do about it. */
export function LinkProblem({ error, retry }: { error: unknown; retry: () => void }) {
  const { t } = useTranslation(['signing', 'problem'])
  const format = useFormat()
  const problem = toProblem(error)
  const title = t(`link.${titles[problem.code as keyof typeof titles] ?? 'title'}`)
  const aboutLink = ['link_invalid', 'link_expired', 'session_missing', 'not_found'].includes(problem.code)
  useDocumentTitle(title)
  return (
    <div className={classes.frame}>
      <header className={classes.header}>
        <BrandStill />
        <LanguageSwitch />
      </header>
      <main id="main" tabIndex={-1} className={classes.main}>
        <div className={classes.endMark} data-tone="amber" aria-hidden="true">
          <IconLinkOff size={30} />
        </div>
        <h1 className={classes.title}>{title}</h1>
        <p className={classes.lead} role="alert">
          {problemText(
            aboutLink && problem.code === 'not_found' ? { ...problem, code: 'link_invalid' } : problem,
            format,
          )}
        </p>
        {aboutLink ? (
          <section className={classes.card}>
            <h2 className={classes.cardTitle}>{t('link.what_to_do')}</h2>
            <ol className={classes.list}>
              <li>{t('link.newest')}</li>
              <li>{t('link.whole')}</li>
              <li>{t('link.ask')}</li>
            </ol>
            <p className={classes.hint}>{t('link.kept')}</p>
          </section>
        ) : (
          <Button onClick={retry}>{t('actions.retry')}</Button>
        )}
      </main>
    </div>
  )
}
