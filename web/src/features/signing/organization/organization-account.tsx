import { Button, TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { problemText, toProblem } from '@/api/problem'
import { sendPayment } from '@/features/signing/api'
import type { OrganizationState } from '@/features/signing/ceremony-types'
import { fieldProblem } from '@/features/signing/document/field-problem'
import { SandboxHint } from '@/features/signing/sandbox-hint'
import { Screen } from '@/features/signing/screen'
import { useSigning } from '@/features/signing/signing-context'
import { StepBar } from '@/features/signing/step-bar'
import { useAct } from '@/features/signing/use-ceremony'
import { useFormat } from '@/i18n/format'
import { ProblemAlert } from '@/ui/problem-alert'
import { OrganizationFound } from './organization-found'

interface OrganizationAccountProps {
  organization: OrganizationState
  /** The list of the ways, of which this is one. */
  ways?: ReactNode
  onSent?: () => void
}

/** Found in the registry; now the account to which the small payment goes. */
export function OrganizationAccount({ organization, ways, onSent }: OrganizationAccountProps) {
  const { t } = useTranslation('signing')
  const format = useFormat()
  const { rcp } = useSigning()
  const [account, setAccount] = useState('')
  const [bank, setBank] = useState('')
  const act = useAct(rcp, (account_number: string) =>
    sendPayment(rcp, { account_number, ...(organization.needs_bank ? { bank: bank.trim() } : {}) }),
  )
  const { field } = fieldProblem(act.error, ['account_number', 'bank'])

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
      <OrganizationFound organization={organization} />
      {ways}
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
        error={field === 'account_number' ? problemText(toProblem(act.error), format) : undefined}
        required
      />
      {organization.needs_bank ? (
        <TextInput
          name="bank"
          label={t('organization.bank')}
          description={t('organization.bank_hint')}
          autoComplete="off"
          value={bank}
          onChange={(event) => {
            setBank(event.currentTarget.value)
            if (act.isError) act.reset()
          }}
          error={field === 'bank' ? problemText(toProblem(act.error), format) : undefined}
          required
        />
      ) : null}
    </Screen>
  )
}
