import { useTranslation } from 'react-i18next'
import type { OrganizationState } from '@/features/signing/ceremony-types'
import classes from '@/features/signing/signing.module.css'
import { useFormat } from '@/i18n/format'
import { Chip } from '@/ui/chip'
import { isLocked } from './payment-lock'

/** Why the way before came to nothing, in words that are known here. */
const reasons = [
  'account_unknown',
  'account_name',
  'declined',
  'dismissed',
  'document',
  'expired',
  'face',
  'not_sent',
  'organization_inactive',
  'returned',
  'unavailable',
  'wrong_person',
] as const

/** The company as the registry knows it, and what became of the way before. */
export function OrganizationFound({ organization }: { organization: OrganizationState }) {
  const { t } = useTranslation('signing')
  const format = useFormat()
  const locked = isLocked(organization)
  const reason = reasons.find((known) => known === organization.refused)
  return (
    <>
      <section className={classes.card}>
        <div className={classes.row}>
          <p className={classes.strong}>{organization.name}</p>
          <Chip tone="jade">{t('organization.checked')}</Chip>
        </div>
        <p className={classes.hint}>
          {organization.credit_code} · {organization.legal_representative_masked}
        </p>
      </section>
      {locked ? (
        <p className={classes.care} role="status">
          {t('organization.locked', { date: format.dateTime(organization.locked_until ?? '') })}
        </p>
      ) : null}
      {reason && !locked ? (
        <p className={classes.care} role="status">
          {t(`organization.refused.${reason}`)}
        </p>
      ) : null}
    </>
  )
}
