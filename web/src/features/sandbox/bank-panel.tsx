import { NativeSelect, Skeleton } from '@mantine/core'
import { IconBuildingBank } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, data } from '@/api/client'
import type { SandboxBank, SandboxRegister } from '@/api/types'
import { yuan } from '@/features/signing/organization/yuan'
import { useFormat } from '@/i18n/format'
import { EmptyState } from '@/ui/empty-state'
import { ProblemAlert } from '@/ui/problem-alert'
import { QuietButton } from '@/ui/quiet-button'
import { CopyValue } from './copy-value'
import classes from './sandbox.module.css'

/** Incoming payments of the sandbox bank; looked at again every few seconds. */
export function BankPanel({ organizations }: { organizations: SandboxRegister['organizations'] }) {
  const { t } = useTranslation('sandbox')
  const [account, setAccount] = useState('')
  const bank = useQuery({
    queryKey: ['sandbox', 'bank', account],
    queryFn: () => data(api.GET('/api/v1/sandbox/bank', { params: { query: account ? { account } : {} } })),
    refetchInterval: 4000,
  })
  const accounts = organizations.map(({ name, account_number }) => ({
    value: account_number,
    label: `${name} · ${account_number}`,
  }))
  return (
    <>
      <h2 className={classes.heading}>{t('sandbox.bank_title')}</h2>
      <p className={classes.hint}>{t('sandbox.bank_lead')}</p>
      <NativeSelect
        label={t('sandbox.bank_filter')}
        mb="md"
        value={account}
        onChange={(event) => setAccount(event.currentTarget.value)}
        data={[{ value: '', label: t('sandbox.bank_all') }, ...accounts]}
      />
      <ProblemAlert error={bank.error} />
      {bank.isPending ? <Skeleton height={120} radius="lg" /> : null}
      {bank.data?.transfers.length === 0 ? (
        <EmptyState icon={<IconBuildingBank />} title={t('sandbox.bank_empty_title')}>
          {t('sandbox.bank_empty_text')}
        </EmptyState>
      ) : null}
      <ul className={classes.cards} aria-live="polite">
        {bank.data?.transfers.map((transfer) => (
          <Transfer key={transfer.id} transfer={transfer} />
        ))}
      </ul>
    </>
  )
}

function Transfer({ transfer }: { transfer: SandboxBank['transfers'][number] }) {
  const { t } = useTranslation('sandbox')
  const format = useFormat()
  const client = useQueryClient()
  const sendBack = useMutation({
    mutationFn: () =>
      data(
        api.POST('/api/v1/sandbox/bank/{transfer}/return', { params: { path: { transfer: transfer.id } }, body: {} }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: ['sandbox', 'bank'] }),
  })
  return (
    <li>
      <div className={classes.cardHead}>
        <h3 lang="zh-CN">{transfer.account_name}</h3>
        <span className={classes.amount}>{yuan(transfer.amount_fen, format.locale)}</span>
      </div>
      <dl>
        <dt>{t('sandbox.amount')}</dt>
        <dd>
          <CopyValue value={(transfer.amount_fen / 100).toFixed(2)} what={t('sandbox.amount')} />
        </dd>
        <dt>{t('sandbox.account_number')}</dt>
        <dd>{transfer.account_number}</dd>
        <dt>{t('sandbox.payer')}</dt>
        <dd>{transfer.payer}</dd>
        <dt>{t('sandbox.remark')}</dt>
        <dd>{transfer.remark}</dd>
        <dt>{t('sandbox.at')}</dt>
        <dd>{format.zonedDateTime(transfer.at)}</dd>
      </dl>
      <ProblemAlert error={sendBack.error} />
      {transfer.returned_at ? (
        <p className={classes.hint}>{t('sandbox.returned', { at: format.zonedDateTime(transfer.returned_at) })}</p>
      ) : (
        <QuietButton loading={sendBack.isPending} onClick={() => sendBack.mutate()}>
          {t('sandbox.return')}
        </QuietButton>
      )}
    </li>
  )
}
