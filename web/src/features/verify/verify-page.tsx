import { Button, Progress } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { serverQuery } from '@/api/account'
import { toProblem } from '@/api/problem'
import { Page } from '@/ui/page'
import { ProblemAlert } from '@/ui/problem-alert'
import { SiteShell } from '@/ui/site-shell'
import { AboutChecks } from './about-checks'
import { DropArea } from './drop-area'
import { KnownForm } from './known-form'
import { useVerification } from './use-verification'
import { VerificationView } from './verification-view'
import classes from './verify.module.css'

/** Anyone's page: drop a PDF, read the verdict. */
export function VerifyPage() {
  const { t } = useTranslation('verify')
  const server = useQuery(serverQuery)
  const limit = server.data?.limits.upload_bytes
  const { state, check, reset, known } = useVerification(limit)
  const busy = state.phase === 'sending' || state.phase === 'checking'

  return (
    <SiteShell title={t('title')}>
      <Page title={t('title')} hideTitle={state.phase === 'done'} lead={t('lead')} width="medium">
        {state.phase === 'failed' ? (
          <ProblemAlert error={state.error} title={`${t('error_title')}: ${state.name}`} takeFocus mb="md" />
        ) : null}
        {state.phase === 'done' ? (
          <VerificationView verification={state.verification} proof={state.proof} known={known} check={check} />
        ) : busy ? (
          <section className={classes.busy} aria-busy="true">
            <p role="status">
              {state.phase === 'sending'
                ? t('uploading', { name: state.name, percent: Math.round(state.share * 100) })
                : t('checking')}
            </p>
            <Progress
              value={state.phase === 'sending' ? state.share * 100 : 100}
              animated={state.phase === 'checking'}
              aria-label={t('checking')}
            />
            <Button variant="default" onClick={reset}>
              {t('cancel')}
            </Button>
          </section>
        ) : (
          <>
            <DropArea limit={limit} onFiles={check} />
            {state.phase === 'failed' && toProblem(state.error).code === 'known_invalid' ? (
              <KnownForm known={known} check={check} />
            ) : null}
            <AboutChecks />
          </>
        )}
      </Page>
    </SiteShell>
  )
}
