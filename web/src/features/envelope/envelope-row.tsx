import { IconBuilding, IconCheck, IconUser } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { EnvelopeSummary } from '@/api/types'
import { useFormat } from '@/i18n/format'
import { EnvelopeBadge } from '@/ui/status-badge'
import classes from './envelope-list.module.css'

/** One envelope in the list: a draft leads to where it is written, the others to where they stand. */
export function EnvelopeRow({ envelope }: { envelope: EnvelopeSummary }) {
  const { t } = useTranslation('envelope')
  const format = useFormat()
  return (
    <li className={classes.row}>
      <div className={classes.main}>
        <Link
          to={envelope.status === 'draft' ? '/envelopes/$envelopeId/edit/documents' : '/envelopes/$envelopeId'}
          params={{ envelopeId: envelope.id }}
          className={classes.title}
        >
          {envelope.title || t('untitled')}
        </Link>
        <div className={classes.people}>
          {envelope.recipients.length === 0 ? t('list.no_recipients') : null}
          {envelope.recipients.map((recipient, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a summary names recipients by their place
            <span key={index} className={classes.person}>
              {recipient.status === 'signed' ? (
                <IconCheck size={15} aria-label={t('list.has_signed')} className={classes.signed} />
              ) : recipient.kind === 'organization' ? (
                <IconBuilding size={15} aria-hidden />
              ) : (
                <IconUser size={15} aria-hidden />
              )}
              {recipient.name}
            </span>
          ))}
        </div>
      </div>
      <div className={classes.when}>
        <EnvelopeBadge status={envelope.status} />
        <span>{whenText()}</span>
      </div>
    </li>
  )

  function whenText(): string {
    if (envelope.status === 'completed' && envelope.completed_at) {
      return t('list.completed', { date: format.dateTime(envelope.completed_at) })
    }
    if (envelope.status === 'sent' && envelope.waiting_for) {
      return t('list.waiting_for', { name: envelope.waiting_for })
    }
    return t('list.changed', { when: format.fromNow(envelope.updated_at) })
  }
}
