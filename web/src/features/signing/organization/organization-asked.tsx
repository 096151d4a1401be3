import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { remindAuthorization, withdrawAuthorization } from '@/features/signing/api'
import type { OrganizationState } from '@/features/signing/ceremony-types'
import { Screen } from '@/features/signing/screen'
import classes from '@/features/signing/signing.module.css'
import { useSigning } from '@/features/signing/signing-context'
import { StepBar } from '@/features/signing/step-bar'
import { useAct } from '@/features/signing/use-ceremony'
import { useFormat } from '@/i18n/format'
import { ProblemAlert } from '@/ui/problem-alert'
import { QuietButton } from '@/ui/quiet-button'

/** The legal representative was asked. The page goes on by itself; a mail says so too. */
export function OrganizationAsked({ organization }: { organization: OrganizationState }) {
  const { t } = useTranslation('signing')
  const format = useFormat()
  const { rcp } = useSigning()
  const remind = useAct(rcp, () => remindAuthorization(rcp))
  const withdraw = useAct(rcp, () => withdrawAuthorization(rcp))
  const asked = organization.authorization
  const how = asked?.status === 'signed' ? 'signed' : asked?.status === 'invited' ? 'invited' : 'opened'

  return (
    <Screen
      title={t('organization.asked_title')}
      lead={
        <p>
          {t('organization.asked_lead', {
            name: organization.legal_representative_masked ?? '',
            contact: asked?.contact_masked ?? '',
          })}
        </p>
      }
      bar={
        <StepBar>
          <Button loading={remind.isPending} onClick={() => remind.mutate()}>
            {t('organization.asked_remind')}
          </Button>
        </StepBar>
      }
    >
      <ProblemAlert error={remind.error ?? withdraw.error} takeFocus />
      <section className={classes.card}>
        <p className={classes.strong}>{organization.name}</p>
        <p className={classes.hint}>
          {organization.credit_code} · {organization.legal_representative_masked}
        </p>
      </section>
      <p role="status" className={classes.care}>
        {t(`organization.asked_status.${how}`)}
        {remind.isSuccess ? ` ${t('organization.asked_reminded')}` : null}
      </p>
      {asked ? (
        <p className={classes.hint}>{t('organization.asked_until', { date: format.dateTime(asked.ends_at) })}</p>
      ) : null}
      <p className={classes.hint}>{t('organization.waits')}</p>
      <QuietButton loading={withdraw.isPending} onClick={() => withdraw.mutate()}>
        {t('organization.asked_withdraw')}
      </QuietButton>
    </Screen>
  )
}
