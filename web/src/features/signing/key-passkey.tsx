import { Alert, Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ProblemAlert } from '@/ui/problem-alert'
import { askPasskey, makePasskeyKey } from './api'
import { createPasskey, PasskeyCancelled } from './passkey'
import { Screen } from './screen'
import classes from './signing.module.css'
import { useSigning } from './signing-context'
import { StepBar } from './step-bar'
import { useAct } from './use-ceremony'

interface KeyPasskeyProps {
  /** The other way, where there is one. */
  choice: ReactNode
  /** Whether this browser can use passkeys here. */
  works: boolean
}

/** A key that the signer's passkey opens: made in one act, on the device that they hold. */
export function KeyPasskey({ choice, works }: KeyPasskeyProps) {
  const { t } = useTranslation('signing')
  const { rcp, go } = useSigning()
  const act = useAct(rcp, async () => {
    const options = await askPasskey(rcp)
    return makePasskeyKey(rcp, { id: options.id, ...(await createPasskey(options)) })
  })
  const cancelled = act.error instanceof PasskeyCancelled
  return (
    <Screen
      title={t('key.title')}
      lead={<p>{t('key.lead')}</p>}
      onSubmit={() => works && act.mutate(undefined, { onSuccess: ({ step }) => go(step) })}
      bar={
        <StepBar>
          <Button type="submit" loading={act.isPending} disabled={!works}>
            {t('key.passkey_submit')}
          </Button>
        </StepBar>
      }
    >
      {choice}
      <section className={classes.card}>
        <h2 className={classes.cardTitle}>{t('key.passkey_title')}</h2>
        <p className={classes.plain}>{t('key.passkey_text')}</p>
      </section>
      <div className={classes.care}>
        <p>{t('key.passkey_nobody')}</p>
      </div>
      {works ? null : <Alert color="red">{t('key.passkey_missing')}</Alert>}
      <ProblemAlert error={cancelled ? null : act.error} takeFocus />
      <p role="alert" className={classes.plain}>
        {cancelled ? t('key.passkey_cancelled') : ''}
      </p>
      <p role="status" className="visually-hidden">
        {act.isPending ? t('key.working') : ''}
      </p>
    </Screen>
  )
}
