import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DataPurpose } from '@/api/types'
import { useConfirmed } from '@/features/account/use-confirmed'
import { useFormat } from '@/i18n/format'
import { currentLocale } from '@/i18n/i18n'
import { Chip } from '@/ui/chip'
import { Dialog, DialogActs } from '@/ui/dialog'
import { ProblemAlert } from '@/ui/problem-alert'
import { type MyIdentity, myIdentityQuery, withdrawConsent } from './api'
import classes from './identity.module.css'

/** What was agreed to, in which words, and the way to take it back. */
export function ConsentsCard({ mine }: { mine: MyIdentity }) {
  const { t } = useTranslation('identity')
  const format = useFormat()
  const [leaving, setLeaving] = useState<DataPurpose | null>(null)
  if (mine.consents.length === 0) return null
  const newest = (['identity', 'face', 'photo'] as const).filter(
    (purpose) => mine.consents.find((it) => it.purpose === purpose)?.given,
  )
  return (
    <section className={classes.card}>
      <h2>{t('consents.title')}</h2>
      <ul className={classes.list}>
        {mine.consents.map((it) => (
          <li key={`${it.at}${it.purpose}${it.given}`}>
            <div className={classes.head}>
              <span className={classes.name}>{t(`consents.${it.purpose}`)}</span>
              <Chip tone={it.given ? 'jade' : 'plain'}>{t(it.given ? 'consents.given' : 'consents.refused')}</Chip>
            </div>
            <p className={classes.hint}>
              {format.zonedDateTime(it.at)} · {t(it.in_account ? 'checks.in_account' : 'checks.in_ceremony')} ·{' '}
              {t('consents.version', { version: it.version })}
            </p>
            <p className={classes.digest}>{it.digest}</p>
          </li>
        ))}
      </ul>
      {mine.person ? (
        <div className={classes.acts}>
          {newest.map((purpose) => (
            <Button key={purpose} variant="default" onClick={() => setLeaving(purpose)}>
              {t(`consents.withdraw_${purpose}`)}
            </Button>
          ))}
        </div>
      ) : null}
      {leaving ? <Withdraw purpose={leaving} close={() => setLeaving(null)} /> : null}
    </section>
  )
}

function Withdraw({ purpose, close }: { purpose: DataPurpose; close: () => void }) {
  const { t } = useTranslation(['identity', 'common'])
  const client = useQueryClient()
  const { confirmed, dialog } = useConfirmed()
  const withdraw = useMutation({
    mutationFn: () => confirmed(() => withdrawConsent({ purpose, locale: currentLocale() })),
    onSuccess: (answer) => {
      client.setQueryData(myIdentityQuery.queryKey, answer)
      void client.invalidateQueries({ queryKey: ['certificates', 'mine'] })
      close()
    },
  })
  return (
    <>
      <Dialog opened close={close} title={t(`consents.withdraw_${purpose}`)}>
        <p style={{ marginTop: 0 }}>{t(`consents.withdraw_text_${purpose}`)}</p>
        <ProblemAlert error={withdraw.error} takeFocus />
        <DialogActs>
          <Button variant="default" onClick={close}>
            {t('common:cancel')}
          </Button>
          <Button loading={withdraw.isPending} onClick={() => withdraw.mutate()}>
            {t('consents.withdraw_act')}
          </Button>
        </DialogActs>
      </Dialog>
      {dialog}
    </>
  )
}
