import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useConfirmed } from '@/features/account/use-confirmed'
import { useFormat } from '@/i18n/format'
import { Dialog, DialogActs } from '@/ui/dialog'
import { ProblemAlert } from '@/ui/problem-alert'
import { eraseMe, type LinkedPerson, myIdentityQuery } from './api'
import classes from './identity.module.css'

/** What is kept and until when, and the request to erase it. */
export function KeptCard({ person }: { person: LinkedPerson }) {
  const { t } = useTranslation(['identity', 'common'])
  const format = useFormat()
  const client = useQueryClient()
  const [opened, setOpened] = useState(false)
  const { confirmed, dialog } = useConfirmed()
  const erase = useMutation({ mutationFn: () => confirmed(eraseMe) })
  const close = () => {
    setOpened(false)
    if (erase.isSuccess) void client.invalidateQueries({ queryKey: myIdentityQuery.queryKey })
  }
  const until = erase.data?.kept_until
  return (
    <section className={classes.card}>
      <h2>{t('kept.title')}</h2>
      <p>{t('kept.sealed')}</p>
      <p>{t('kept.never')}</p>
      {person.kept_until ? <p>{t('kept.until', { until: format.date(person.kept_until) })}</p> : null}
      <div className={classes.acts}>
        <Button variant="default" onClick={() => setOpened(true)}>
          {t('erase.ask')}
        </Button>
      </div>
      <Dialog opened={opened} close={close} title={t('erase.title')}>
        {erase.isSuccess ? (
          <p role="status" style={{ marginTop: 0 }}>
            {until ? t('erase.later', { until: format.date(until) }) : t('erase.done')}
          </p>
        ) : (
          <>
            <p style={{ marginTop: 0 }}>{t('erase.text')}</p>
            <p>{t('erase.law')}</p>
          </>
        )}
        <ProblemAlert error={erase.error} takeFocus />
        <DialogActs>
          <Button variant="default" onClick={close}>
            {t(erase.isSuccess ? 'common:close' : 'common:cancel')}
          </Button>
          {erase.isSuccess ? null : (
            <Button loading={erase.isPending} onClick={() => erase.mutate()}>
              {t('erase.act')}
            </Button>
          )}
        </DialogActs>
      </Dialog>
      {dialog}
    </section>
  )
}
