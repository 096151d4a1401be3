import { IconCheck, IconX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { policiesQuery } from '@/api/policies'
import type { Envelope, Recipient } from '@/api/types'
import { useFormat } from '@/i18n/format'
import { currentLocale } from '@/i18n/i18n'
import { RecipientBadge } from '@/ui/status-badge'
import classes from './envelope-page.module.css'
import { shownName } from './envelope-problems'
import { RemindButton } from './remind-button'
import { roleOf } from './role'

/** The recipients in their order, and how far each has come. */
export function EnvelopeRecipients({ envelope }: { envelope: Envelope }) {
  const { t } = useTranslation('envelope')
  return (
    <section aria-labelledby="recipients-title">
      <h2 id="recipients-title" className="visually-hidden">
        {t('page.recipients')}
      </h2>
      <ol className={classes.card}>
        {envelope.recipients.map((recipient, index) => (
          <li key={recipient.id} className={classes.line}>
            <span className={classes.number} data-state={markOf(recipient)} aria-hidden="true">
              {recipient.status === 'signed' ? (
                <IconCheck size={17} />
              ) : recipient.status === 'declined' ? (
                <IconX size={17} />
              ) : (
                index + 1
              )}
            </span>
            <div className={classes.grow}>
              <strong>{shownName(recipient)}</strong>{' '}
              <span className={classes.small}>
                {t(`page.role_${roleOf(envelope, recipient)}`, { name: recipient.name })}
              </span>
              <RecipientFacts envelope={envelope} recipient={recipient} />
            </div>
            <div className={classes.side}>
              <RecipientBadge status={recipient.status} />
              {envelope.status === 'sent' && isAsked(recipient) ? (
                <RemindButton envelopeId={envelope.id} recipient={recipient} />
              ) : null}
            </div>
          </li>
        ))}
      </ol>
    </section>
  )
}

function RecipientFacts({ envelope, recipient }: { envelope: Envelope; recipient: Recipient }) {
  const { t } = useTranslation('envelope')
  const format = useFormat()
  const facts: string[] = []
  if (recipient.signed_at) facts.push(t('page.signed_at', { date: format.dateTime(recipient.signed_at) }))
  else if (recipient.status === 'waiting')
    facts.push(t(envelope.order === 'sequential' ? 'page.not_yet' : 'page.not_invited'))
  else {
    if (recipient.invited_at) facts.push(t('page.invited_at', { date: format.dateTime(recipient.invited_at) }))
    if (recipient.opened_at) facts.push(t('page.opened_at', { date: format.dateTime(recipient.opened_at) }))
    if (recipient.identified_at) facts.push(t('page.identified_at', { date: format.dateTime(recipient.identified_at) }))
  }
  const { data } = useQuery(policiesQuery)
  const own = recipient.policy ? data?.items.find(({ reference }) => reference === recipient.policy) : undefined
  const contact = [recipient.email, recipient.phone_masked].filter(Boolean).join(' · ')
  return (
    <>
      <div className={classes.small}>{facts.join(' · ')}</div>
      {own ? <div className={classes.small}>{t('page.own_policy', { title: own.title[currentLocale()] })}</div> : null}
      {recipient.verified ? (
        <div className={classes.small}>
          {t('page.verified', {
            name: recipient.verified.name_masked,
            how: format.list(recipient.verified.how.map(howText)),
          })}
        </div>
      ) : contact ? (
        <div className={classes.small}>{contact}</div>
      ) : null}
      {recipient.certificate ? (
        <details className={classes.details}>
          <summary>{t('page.certificate')}</summary>
          <dl>
            <dt>{t('page.certificate_subject')}</dt>
            <dd>{recipient.certificate.subject}</dd>
            <dt>{t('page.certificate_serial')}</dt>
            <dd>
              <code>{recipient.certificate.serial}</code>
            </dd>
            <dt>{t('page.certificate_until')}</dt>
            <dd>{format.date(recipient.certificate.not_after)}</dd>
          </dl>
        </details>
      ) : null}
    </>
  )

  function howText(how: string): string {
    switch (how) {
      case 'register':
        return t('how.register')
      case 'face':
        return t('how.face')
      case 'bank_card':
        return t('how.bank_card')
      case 'document':
        return t('how.document')
      case 'presented':
        return t('how.presented')
      case 'phone_code':
        return t('how.phone_code')
      case 'company_register':
        return t('how.company_register')
      case 'payment':
        return t('how.payment')
      case 'legal_representative_face':
        return t('how.legal_representative_face')
      case 'authorization':
        return t('how.authorization')
      case 'letter':
        return t('how.letter')
      case 'organization_directory':
        return t('how.organization_directory')
      default:
        return how
    }
  }
}

function isAsked(recipient: Recipient): boolean {
  return recipient.status === 'invited' || recipient.status === 'opened' || recipient.status === 'identified'
}

function markOf(recipient: Recipient): 'done' | 'now' | 'ended' | 'later' {
  if (recipient.status === 'signed') return 'done'
  if (recipient.status === 'declined') return 'ended'
  return isAsked(recipient) ? 'now' : 'later'
}
