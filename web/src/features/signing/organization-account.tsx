import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { problemText, toProblem } from '@/api/problem'
import { useFormat } from '@/i18n/format'
import { Chip } from '@/ui/chip'
import { ProblemAlert } from '@/ui/problem-alert'
import { sendPayment } from './api'
import type { OrganizationState } from './ceremony-types'
import { fieldProblem } from './field-problem'
import { SandboxHint } from './sandbox-hint'
import { Screen } from './screen'
import classes from './signing.module.css'
import { useSigning } from './signing-context'
import { StepBar } from './step-bar'
import { useAct } from './use-ceremony'

interface OrganizationAccountProps {
  organization: OrganizationState
  onSent?: () => void
}

/** Found in the registry; now the account to which the small payment goes. */
export function OrganizationAccount({ organization, onSent }: OrganizationAccountProps) {
  const { t } = useTranslation('signing')
  const format = useFormat()
  const { rcp } = useSigning()
  const [account, setAccount] = useState('')
  const act = useAct(rcp, (number: string) => sendPayment(rcp, number))
  const { field } = fieldProblem(act.error, ['account_number'])
  const locked = organization.locked_until && new Date(organization.locked_until) > new Date()

  return (
    <Screen
      title={t('organization.account_title')}
      lead={<p>{t('organization.account_lead')}</p>}
      onSubmit={() => act.mutate(account.replace(/[\s-]/g, ''), { onSuccess: onSent })}
      bar={
        <StepBar>
          <Button type="submit" loading={act.isPending}>
            {t('organization.account_submit')}
          </Button>
        </StepBar>
      }
    >
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
      <SandboxHint hint="organizations" />
      <ProblemAlert error={field ? null : act.error} takeFocus />
      <TextInput
        name="account_number"
        label={t('organization.account_number')}
        description={t('organization.account_hint', { name: organization.name ?? '' })}
        inputMode="numeric"
        autoComplete="off"
        value={account}
        onChange={(event) => {
          setAccount(event.currentTarget.value)
          if (act.isError) act.reset()
        }}
        error={field ? problemText(toProblem(act.error), format) : undefined}
        required
      />
    </Screen>
  )
}
