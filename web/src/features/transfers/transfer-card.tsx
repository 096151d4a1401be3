import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { transferFailed, transferReturned, transferSent, viewTransfer } from '@/api/transfers'
import type { Transfer, TransferFailure } from '@/api/types'
import { useFormat } from '@/i18n/format'
import { Chip } from '@/ui/chip'
import { ProblemAlert } from '@/ui/problem-alert'
import classes from './transfers.module.css'

const states = ['waiting', 'sent', 'failed', 'returned'] as const
const tones = { waiting: 'seal', sent: 'jade', failed: 'plain', returned: 'plain' } as const
const failures: readonly TransferFailure[] = ['account_unknown', 'account_name', 'unavailable']
const reasons = [...failures, 'returned', 'withdrawn'] as const

/** One transfer: what is known of it, and for who pays it what is to be paid. */
export function TransferCard({ transfer }: { transfer: Transfer }) {
  const { t } = useTranslation('certificate')
  const format = useFormat()
  const client = useQueryClient()
  const state = states.find((known) => known === transfer.state) ?? 'failed'
  const reason = reasons.find((known) => known === transfer.reason)
  const returned = useMutation({
    mutationFn: () => transferReturned(transfer.id),
    onSuccess: (list) => client.setQueryData(['transfers'], list),
  })
  return (
    <li className={classes.card}>
      <div className={classes.head}>
        <h2 className={classes.name}>{transfer.organization}</h2>
        <Chip tone={tones[state]}>{t(`transfers.state.${state}`)}</Chip>
      </div>
      <p className={classes.hint}>
        {[transfer.bank, transfer.account_masked].filter(Boolean).join(' · ')}
        <br />
        {t('transfers.ordered', { at: format.zonedDateTime(transfer.created_at) })}
      </p>
      {transfer.settled_at ? (
        <p className={classes.hint}>
          {t(transfer.reference ? 'transfers.made' : 'transfers.ended', {
            at: format.zonedDateTime(transfer.settled_at),
            reference: transfer.reference ?? '',
          })}
          {reason ? ` ${t(`transfers.reason.${reason}`)}` : null}
        </p>
      ) : null}
      {transfer.takes_part && state !== 'failed' && state !== 'returned' ? (
        <p className={classes.hint}>{t('transfers.takes_part')}</p>
      ) : null}
      {state === 'waiting' && !transfer.takes_part ? <Waiting transfer={transfer} /> : null}
      {state === 'sent' && !transfer.takes_part ? (
        <>
          <ProblemAlert error={returned.error} takeFocus />
          <div className={classes.acts}>
            <Button variant="default" loading={returned.isPending} onClick={() => returned.mutate()}>
              {t('transfers.returned')}
            </Button>
          </div>
        </>
      ) : null}
    </li>
  )
}

function Waiting({ transfer }: { transfer: Transfer }) {
  const { t } = useTranslation('certificate')
  const client = useQueryClient()
  const [reference, setReference] = useState('')
  const [why, setWhy] = useState<TransferFailure>('account_unknown')
  const settled = { onSuccess: (list: unknown) => client.setQueryData(['transfers'], list) }
  const view = useMutation({ mutationFn: () => viewTransfer(transfer.id) })
  const sent = useMutation({ mutationFn: () => transferSent(transfer.id, reference.trim()), ...settled })
  const failed = useMutation({ mutationFn: () => transferFailed(transfer.id, why), ...settled })
  const detail = view.data
  if (!detail) {
    return (
      <>
        <ProblemAlert error={view.error} takeFocus />
        <p className={classes.hint}>{t('transfers.view_hint')}</p>
        <div className={classes.acts}>
          <Button loading={view.isPending} onClick={() => view.mutate()}>
            {t('transfers.view')}
          </Button>
        </div>
      </>
    )
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    sent.mutate()
  }
  const facts = [
    ['amount', `¥${(detail.amount_fen / 100).toFixed(2)}`],
    ['account_name', detail.account_name],
    ['account_number', detail.account_number],
    ['bank', detail.bank ?? ''],
    ['remark', detail.remark],
  ] as const
  return (
    <form onSubmit={submit} noValidate style={{ display: 'contents' }}>
      <dl className={classes.facts}>
        {facts.map(([name, value]) => (
          <div key={name} style={{ display: 'contents' }}>
            <dt>{t(`transfers.fact.${name}`)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <ProblemAlert error={sent.error ?? failed.error} takeFocus />
      <TextInput
        label={t('transfers.reference')}
        description={t('transfers.reference_hint')}
        autoComplete="off"
        value={reference}
        onChange={(event) => setReference(event.currentTarget.value)}
        required
      />
      <div className={classes.acts}>
        <Button type="submit" loading={sent.isPending}>
          {t('transfers.sent')}
        </Button>
      </div>
      <NativeSelect
        label={t('transfers.why')}
        value={why}
        onChange={(event) => setWhy(event.currentTarget.value as TransferFailure)}
        data={failures.map((value) => ({ value, label: t(`transfers.reason.${value}`) }))}
      />
      <div className={classes.acts}>
        <Button variant="default" loading={failed.isPending} onClick={() => failed.mutate()}>
          {t('transfers.failed')}
        </Button>
      </div>
    </form>
  )
}
