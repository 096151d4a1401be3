import { useTranslation } from 'react-i18next'
import type { EnvelopeStatus, RecipientStatus } from '@/api/types'
import { Chip, type ChipTone } from './chip'

const envelopeTones: Record<EnvelopeStatus, ChipTone> = {
  draft: 'plain',
  sent: 'seal',
  completing: 'seal',
  completed: 'jade',
  declined: 'amber',
  voided: 'plain',
  expired: 'amber',
}

const recipientTones: Record<RecipientStatus, ChipTone> = {
  waiting: 'plain',
  invited: 'seal',
  opened: 'seal',
  identified: 'seal',
  signed: 'jade',
  declined: 'amber',
}

/** The same word for a status in page, mail and API. */
export function EnvelopeBadge({ status }: { status: EnvelopeStatus }) {
  const { t } = useTranslation()
  return <Chip tone={envelopeTones[status]}>{t(`envelope_status.${status}`)}</Chip>
}

export function RecipientBadge({ status }: { status: RecipientStatus }) {
  const { t } = useTranslation()
  return <Chip tone={recipientTones[status]}>{t(`recipient_status.${status}`)}</Chip>
}
