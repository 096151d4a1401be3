import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useConfirmed } from '@/features/account/use-confirmed'
import { useFormat } from '@/i18n/format'
import { Chip } from '@/ui/chip'
import { Dialog, DialogActs } from '@/ui/dialog'
import { ProblemAlert } from '@/ui/problem-alert'
import { QuietButton } from '@/ui/quiet-button'
import { type LinkedPerson, myIdentityQuery, unlinkMe } from './api'
import classes from './identity.module.css'

interface Props {
  person: LinkedPerson
  verifying: boolean
  verify: () => void
}

export function PersonCard({ person, verifying, verify }: Props) {
  const { t } = useTranslation(['identity', 'signing'])
  const format = useFormat()
  const { counts, assurance } = person
  return (
    <section className={classes.card}>
      <div className={classes.head}>
        <h2>{person.name_masked ?? t('person.erased')}</h2>
        <Chip tone={counts ? 'jade' : 'amber'}>{t(counts ? 'person.counts' : 'person.over')}</Chip>
      </div>
      <dl className={classes.facts}>
        {person.document ? (
          <>
            <dt>{t('person.document')}</dt>
            <dd>
              {t(`signing:identity.kind.${person.document}`)} · {person.id_number_masked}
            </dd>
          </>
        ) : null}
        {person.phone_masked ? (
          <>
            <dt>{t('person.phone')}</dt>
            <dd>{person.phone_masked}</dd>
          </>
        ) : null}
        {assurance ? (
          <>
            <dt>{t('person.assurance')}</dt>
            <dd>{t(`assurance.${assurance}`)}</dd>
          </>
        ) : null}
        {person.expires_at ? (
          <>
            <dt>{t(counts ? 'person.until' : 'person.ended')}</dt>
            <dd>{format.date(person.expires_at)}</dd>
          </>
        ) : null}
        <dt>{t('person.linked')}</dt>
        <dd>
          {format.zonedDateTime(person.linked_at)}
          {person.accounts > 1 ? ` · ${t('person.accounts', { count: person.accounts })}` : null}
        </dd>
      </dl>
      {counts ? null : <p className={classes.hint}>{t('person.over_text')}</p>}
      <div className={classes.acts}>
        {verifying ? null : (
          <Button variant={counts ? 'default' : 'filled'} onClick={verify}>
            {t(counts && assurance !== 'high' ? 'verify_more' : 'verify_again')}
          </Button>
        )}
        <Unlink />
      </div>
    </section>
  )
}

function Unlink() {
  const { t } = useTranslation(['identity', 'common'])
  const client = useQueryClient()
  const [opened, setOpened] = useState(false)
  const { confirmed, dialog } = useConfirmed()
  const unlink = useMutation({
    mutationFn: () => confirmed(unlinkMe),
    onSuccess: (answer) => {
      setOpened(false)
      client.setQueryData(myIdentityQuery.queryKey, answer)
      void client.invalidateQueries({ queryKey: ['certificates', 'mine'] })
    },
  })
  return (
    <>
      <QuietButton onClick={() => setOpened(true)}>{t('unlink.ask')}</QuietButton>
      <Dialog opened={opened} close={() => setOpened(false)} title={t('unlink.title')}>
        <p style={{ marginTop: 0 }}>{t('unlink.text')}</p>
        <ProblemAlert error={unlink.error} takeFocus />
        <DialogActs>
          <Button variant="default" onClick={() => setOpened(false)}>
            {t('common:cancel')}
          </Button>
          <Button loading={unlink.isPending} onClick={() => unlink.mutate()}>
            {t('unlink.act')}
          </Button>
        </DialogActs>
      </Dialog>
      {dialog}
    </>
  )
}
