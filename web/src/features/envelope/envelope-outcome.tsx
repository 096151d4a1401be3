import { Alert } from '@mantine/core'
import { IconBan, IconCircleCheck, IconClock, IconClockX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Envelope } from '@/api/types'
import { useFormat } from '@/i18n/format'
import { shownName } from './envelope-problems'

/** How it ended, where it has. */
export function EnvelopeOutcome({ envelope }: { envelope: Envelope }) {
  const { t } = useTranslation('envelope')
  const format = useFormat()
  if (envelope.status === 'completed' && envelope.completed_at) {
    return (
      <Alert color="jade" icon={<IconCircleCheck aria-hidden />} title={t('outcome.completed')} mb="md">
        {t('outcome.completed_text', { date: format.zonedDateTime(envelope.completed_at) })}
      </Alert>
    )
  }
  if (envelope.status === 'completing') {
    return (
      <Alert color="gray" icon={<IconClock aria-hidden />} title={t('outcome.completing')} mb="md">
        {t('outcome.completing_text')}
      </Alert>
    )
  }
  if (envelope.status === 'declined') {
    const by = envelope.recipients.find((recipient) => recipient.id === envelope.decline?.recipient_id)
    return (
      <Alert
        color="amber"
        icon={<IconBan aria-hidden />}
        title={t('outcome.declined', { name: by ? shownName(by) : '' })}
        mb="md"
      >
        {envelope.decline ? t('outcome.reason', { reason: envelope.decline.reason }) : null}
      </Alert>
    )
  }
  if (envelope.status === 'voided') {
    return (
      <Alert color="gray" icon={<IconBan aria-hidden />} title={t('outcome.voided')} mb="md">
        {envelope.void_reason ? t('outcome.reason', { reason: envelope.void_reason }) : null}
      </Alert>
    )
  }
  if (envelope.status === 'expired') {
    return (
      <Alert color="amber" icon={<IconClockX aria-hidden />} title={t('outcome.expired')} mb="md">
        {t('outcome.expired_text')}
      </Alert>
    )
  }
  return null
}
