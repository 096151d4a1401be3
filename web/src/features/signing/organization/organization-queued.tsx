import { useTranslation } from 'react-i18next'
import type { OrganizationState } from '@/features/signing/ceremony-types'
import { SandboxHint } from '@/features/signing/sandbox-hint'
import { Screen } from '@/features/signing/screen'
import classes from '@/features/signing/signing.module.css'

/** Something of the company's waits for people: a payment to be made, a letter to be read. The page goes on by itself. */
export function OrganizationQueued({ organization }: { organization: OrganizationState }) {
  const { t } = useTranslation('signing')
  const what = organization.state === 'letter_submitted' ? 'letter' : 'payment'
  return (
    <Screen
      title={t(`organization.queued_title_${what}`)}
      lead={<p>{t(`organization.queued_lead_${what}`, { account: organization.account_masked ?? '' })}</p>}
    >
      {what === 'payment' ? <SandboxHint hint="clerk" /> : null}
      <section className={classes.card}>
        <p className={classes.strong}>{organization.name}</p>
        <p className={classes.hint}>
          {organization.credit_code} · {organization.legal_representative_masked}
        </p>
      </section>
      <p role="status" className={classes.hint}>
        {t('organization.waits')}
      </p>
    </Screen>
  )
}
