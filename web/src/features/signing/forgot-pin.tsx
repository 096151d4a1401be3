import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '@/ui/dialog'
import { ProblemAlert } from '@/ui/problem-alert'
import { replaceKey } from './api'
import classes from './signing.module.css'
import { useSigning } from './signing-context'
import { useAct } from './use-ceremony'

/** The way on without the PIN or the passkey: another key, after showing again who one is. */
export function ForgotPin({ of = 'forgot' }: { of?: 'forgot' | 'lost_passkey' | 'lost_device' }) {
  const { t } = useTranslation('signing')
  const { rcp, go } = useSigning()
  const [opened, setOpened] = useState(false)
  const act = useAct(rcp, () => replaceKey(rcp))
  return (
    <>
      <Button
        variant="subtle"
        color="dark"
        size="sm"
        px={0}
        style={{ alignSelf: 'flex-start' }}
        onClick={() => setOpened(true)}
      >
        {t(`key.${of}`)}
      </Button>
      <Dialog opened={opened} close={() => setOpened(false)} title={t(`key.${of}_title`)}>
        <div className={classes.stack}>
          <p className={classes.plain}>{t(`key.${of}_text`)}</p>
          <ProblemAlert error={act.error} takeFocus />
          <Button
            color="dark"
            loading={act.isPending}
            onClick={() => act.mutate(undefined, { onSuccess: ({ step }) => go(step) })}
          >
            {t('key.forgot_confirm')}
          </Button>
          <Button variant="default" onClick={() => setOpened(false)}>
            {t('actions.cancel')}
          </Button>
        </div>
      </Dialog>
    </>
  )
}
