import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { replaceKey } from '@/features/signing/api'
import classes from '@/features/signing/signing.module.css'
import { useSigning } from '@/features/signing/signing-context'
import { useAct } from '@/features/signing/use-ceremony'
import { Dialog } from '@/ui/dialog'
import { ProblemAlert } from '@/ui/problem-alert'
import { QuietButton } from '@/ui/quiet-button'

/** The way on without the PIN or the passkey: another key, after showing again who one is. */
export function ForgotPin({ of = 'forgot' }: { of?: 'forgot' | 'lost_passkey' | 'lost_device' | 'verify_again' }) {
  const { t } = useTranslation('signing')
  const { rcp, go } = useSigning()
  const [opened, setOpened] = useState(false)
  const act = useAct(rcp, () => replaceKey(rcp))
  return (
    <>
      <QuietButton size="sm" onClick={() => setOpened(true)}>
        {t(`key.${of}`)}
      </QuietButton>
      <Dialog opened={opened} close={() => setOpened(false)} title={t(`key.${of}_title`)}>
        <div className={classes.stack}>
          <p className={classes.plain}>{t(`key.${of}_text`)}</p>
          <ProblemAlert error={act.error} takeFocus />
          <Button
            color="gray.9"
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
