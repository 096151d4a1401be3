import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { problemText, toProblem } from '@/api/problem'
import { confirmPayment } from '@/features/signing/api'
import type { OrganizationState } from '@/features/signing/ceremony-types'
import { fieldProblem } from '@/features/signing/document/field-problem'
import { SandboxHint } from '@/features/signing/sandbox-hint'
import { Screen } from '@/features/signing/screen'
import classes from '@/features/signing/signing.module.css'
import { useSigning } from '@/features/signing/signing-context'
import { StepBar } from '@/features/signing/step-bar'
import { useAct } from '@/features/signing/use-ceremony'
import { useFormat } from '@/i18n/format'
import { ProblemAlert } from '@/ui/problem-alert'
import { QuietButton } from '@/ui/quiet-button'
import { OrganizationAccount } from './organization-account'
import { parseYuan } from './yuan'

/** The payment is on its way: who sees the account can say how much arrived. */
export function OrganizationAmount({ organization }: { organization: OrganizationState }) {
  const { t } = useTranslation('signing')
  const format = useFormat()
  const { rcp, go } = useSigning()
  const [amount, setAmount] = useState('')
  const [unclear, setUnclear] = useState(false)
  const [again, setAgain] = useState(false)
  const act = useAct(rcp, (fen: number) => confirmPayment(rcp, fen))
  const { field } = fieldProblem(act.error, ['amount_fen'])
  if (again) return <OrganizationAccount organization={organization} onSent={() => setAgain(false)} />

  const submit = () => {
    const fen = parseYuan(amount)
    setUnclear(fen === null)
    if (fen !== null) act.mutate(fen, { onSuccess: ({ step }) => go(step) })
  }
  const error = unclear
    ? t('organization.amount_invalid')
    : field
      ? problemText(toProblem(act.error), format)
      : undefined

  return (
    <Screen
      title={t('organization.amount_title')}
      lead={<p>{t('organization.amount_lead', { account: organization.account_masked ?? '' })}</p>}
      onSubmit={submit}
      bar={
        <StepBar>
          <Button type="submit" loading={act.isPending}>
            {t('organization.amount_submit')}
          </Button>
        </StepBar>
      }
    >
      <SandboxHint hint={organization.needs_bank ? 'clerk' : 'bank'} />
      <ProblemAlert error={field ? null : act.error} takeFocus />
      <TextInput
        className={classes.code}
        name="amount"
        label={t('organization.amount')}
        description={t('organization.amount_hint')}
        inputMode="decimal"
        autoComplete="off"
        leftSection="¥"
        value={amount}
        onChange={(event) => {
          setAmount(event.currentTarget.value)
          setUnclear(false)
          if (act.isError) act.reset()
        }}
        error={error}
        required
      />
      <p className={classes.hint}>
        {t('identity.tries_left', { count: organization.tries_left })}
        {organization.expires_at
          ? ` · ${t('organization.expires', { date: format.dateTime(organization.expires_at) })}`
          : null}
      </p>
      <QuietButton size="sm" onClick={() => setAgain(true)}>
        {t('organization.again')}
      </QuietButton>
    </Screen>
  )
}
