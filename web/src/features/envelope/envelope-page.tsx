import { useSuspenseQuery } from '@tanstack/react-query'
import { Link, Navigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { envelopeQuery } from '@/api/envelopes'
import { useFormat } from '@/i18n/format'
import { Page } from '@/ui/page'
import { EnvelopeBadge } from '@/ui/status-badge'
import { TrustBar } from '@/ui/trust-bar'
import { EnvelopeActions } from './envelope-actions'
import { EnvelopeDocuments } from './envelope-documents'
import { EnvelopeOutcome } from './envelope-outcome'
import classes from './envelope-page.module.css'
import { EnvelopeRecipients } from './envelope-recipients'
import { isUnderWay } from './status'
import { Timeline } from './timeline'

/** Where an envelope stands: who has done what, the documents, and the record of it. */
export function EnvelopePage({ id }: { id: string }) {
  const { t } = useTranslation('envelope')
  const { t: common } = useTranslation()
  const format = useFormat()
  const { data: envelope } = useSuspenseQuery({
    ...envelopeQuery(id),
    refetchInterval: (query) => (isUnderWay(query.state.data?.status) ? 5_000 : false),
  })
  if (envelope.status === 'draft') {
    return <Navigate to="/envelopes/$envelopeId/edit/documents" params={{ envelopeId: id }} replace />
  }
  return (
    <Page
      title={envelope.title}
      width="wide"
      above={
        <>
          <Link to="/envelopes">{common('nav.envelopes')}</Link> / {envelope.title}
        </>
      }
      lead={
        <span className={classes.lead}>
          <EnvelopeBadge status={envelope.status} />
          {envelope.sent_at ? <span>{t('page.sent', { date: format.dateTime(envelope.sent_at) })}</span> : null}
          {envelope.status === 'sent' && envelope.expires_at ? (
            <span>{t('page.until', { date: format.dateTime(envelope.expires_at) })}</span>
          ) : null}
        </span>
      }
      actions={<EnvelopeActions envelope={envelope} />}
    >
      <TrustBar trust={envelope.trust} />
      <div className={classes.columns}>
        <div>
          <EnvelopeOutcome envelope={envelope} />
          <EnvelopeRecipients envelope={envelope} />
          <EnvelopeDocuments envelope={envelope} />
          {envelope.message ? (
            <section aria-labelledby="message-title">
              <h2 id="message-title" className={classes.heading}>
                {t('page.message')}
              </h2>
              <p className={classes.message}>{envelope.message}</p>
            </section>
          ) : null}
        </div>
        <Timeline envelope={envelope} />
      </div>
    </Page>
  )
}
