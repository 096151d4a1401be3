import { Button, Textarea } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '@/ui/dialog'
import { ProblemAlert } from '@/ui/problem-alert'
import { decline } from './api'
import classes from './signing.module.css'
import { useSigning } from './signing-context'
import { useAct } from './use-ceremony'

/** Declining asks for a reason and says what it does before it is done. */
export function DeclineDialog({ opened, close }: { opened: boolean; close: () => void }) {
  const { t } = useTranslation('signing')
  const { rcp, go } = useSigning()
  const [reason, setReason] = useState('')
  const [missing, setMissing] = useState(false)
  const act = useAct(rcp, (words: string) => decline(rcp, words))

  const submit = (event: FormEvent) => {
    event.preventDefault()
    const words = reason.trim()
    setMissing(words === '')
    if (words === '') return
    act.mutate(words, {
      onSuccess: (ceremony) => {
        close()
        go(ceremony.step)
      },
    })
  }

  return (
    <Dialog opened={opened} close={close} title={t('decline.title')}>
      <form onSubmit={submit} noValidate className={classes.stack}>
        <p className={classes.plain}>{t('decline.text')}</p>
        <ProblemAlert error={act.error} takeFocus />
        <Textarea
          data-autofocus
          label={t('decline.reason')}
          description={t('decline.reason_hint')}
          autosize
          minRows={3}
          maxRows={8}
          maxLength={500}
          value={reason}
          error={missing ? t('decline.reason_missing') : undefined}
          onChange={(event) => setReason(event.currentTarget.value)}
          required
        />
        <Button type="submit" color="gray.9" loading={act.isPending}>
          {t('decline.submit')}
        </Button>
        <Button variant="default" onClick={close}>
          {t('decline.cancel')}
        </Button>
      </form>
    </Dialog>
  )
}
