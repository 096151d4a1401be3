import { useTranslation } from 'react-i18next'
import { useFormat } from '@/i18n/format'
import type { StaffProof } from './api'
import classes from './directory.module.css'

/** What a directory said, and what that is worth: the organization's own statement. */
export function StaffFacts({ proof, organization }: { proof: StaffProof; organization: string }) {
  const { t } = useTranslation('directory')
  const format = useFormat()
  const means = [proof.acr, ...proof.amr].filter(Boolean).join(' · ')
  return (
    <>
      <p className={classes.worth}>{t('staff.worth', { organization })}</p>
      <dl className={classes.facts}>
        <dt>{t('staff.directory')}</dt>
        <dd>{proof.directory}</dd>
        {proof.email_masked ? (
          <>
            <dt>{t('staff.email')}</dt>
            <dd>{proof.email_masked}</dd>
          </>
        ) : null}
        <dt>{t('staff.means')}</dt>
        <dd>{means || t('staff.means_unsaid')}</dd>
        <dt>{t('staff.proved_at')}</dt>
        <dd>{format.dateTime(proof.proved_at)}</dd>
        <dt>{t('staff.expires_at')}</dt>
        <dd>{format.dateTime(proof.expires_at)}</dd>
      </dl>
    </>
  )
}
