import { Card } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { policiesQuery } from '@/api/policies'
import type { Envelope, Recipient } from '@/api/types'
import { useFormat } from '@/i18n/format'
import { localeNames } from '@/i18n/locale'
import { usePolicyWords } from '@/ui/policy-facts'
import { shownName } from './envelope-problems'
import { OwnPolicy } from './policy-choice'
import classes from './review.module.css'

interface ReviewRecipientsProps {
  envelope: Envelope
  /** The signing policy of everybody who has none of their own. */
  common: string
  ownOf: (recipient: Recipient) => string | null
  onOwn: (recipient: Recipient, policy: string | null) => void
}

/** What each recipient will be asked, in their order. */
export function ReviewRecipients({ envelope, common, ownOf, onOwn }: ReviewRecipientsProps) {
  const { t } = useTranslation('envelope')
  const sequential = envelope.order === 'sequential' && envelope.recipients.length > 1
  return (
    <Card>
      <h2 className={classes.heading}>{t('review.asked')}</h2>
      <p className={classes.hint}>{sequential ? t('order.sequential_hint') : t('order.parallel_hint')}</p>
      <ol className={classes.people}>
        {envelope.recipients.map((recipient, index) => (
          <li key={recipient.id} className={classes.person}>
            <span className={classes.number} aria-hidden="true">
              {sequential ? index + 1 : '·'}
            </span>
            <div>
              <strong>{shownName(recipient)}</strong>
              {recipient.kind === 'organization' ? (
                <span className={classes.hint}> {t('review.by_agent', { name: recipient.name })}</span>
              ) : null}
              <div className={classes.hint}>
                {[recipient.email, recipient.phone_masked, localeNames[recipient.locale]].filter(Boolean).join(' · ')}
              </div>
              <Asked envelope={envelope} recipient={recipient} policyName={ownOf(recipient) ?? common} />
              {envelope.recipients.length > 1 || ownOf(recipient) ? (
                <OwnPolicy
                  recipient={recipient}
                  common={common}
                  value={ownOf(recipient)}
                  onChange={(policy) => onOwn(recipient, policy)}
                />
              ) : null}
            </div>
          </li>
        ))}
      </ol>
    </Card>
  )
}

interface AskedProps {
  envelope: Envelope
  recipient: Recipient
  policyName: string
}

function Asked({ envelope, recipient, policyName }: AskedProps) {
  const { t } = useTranslation('envelope')
  const format = useFormat()
  const { t: common } = useTranslation()
  const { data } = useQuery(policiesQuery)
  const words = usePolicyWords()
  const policy = data?.items.find(({ reference }) => reference === policyName)
  const assurance = policy?.assurance ?? 'substantial'
  const own = envelope.fields.filter((field) => field.recipient_id === recipient.id)
  const count = (type: string) => own.filter((field) => field.type === type).length
  const places = [
    count('signature') > 0 ? t('review.signatures', { count: count('signature') }) : null,
    count('seal') > 0 ? t('review.seals', { count: count('seal') }) : null,
    count('date') > 0 ? t('review.dates', { count: count('date') }) : null,
    count('text') > 0 ? t('review.texts', { count: count('text') }) : null,
  ].filter((text) => text !== null)
  return (
    <ul className={classes.asked}>
      <li>{t('review.verify_person', { what: common(`policy.assurance.${assurance}`) })}</li>
      {recipient.kind === 'organization' ? <li>{t('review.verify_organization')}</li> : null}
      {places.length > 0 ? <li>{t('review.fill', { places: format.list(places) })}</li> : null}
      {policy ? <li>{words.custody(policy, recipient.kind)}</li> : null}
      {policy ? <li>{words.consenting(policy)}</li> : null}
    </ul>
  )
}
