import { Alert, Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ProblemAlert } from '@/ui/problem-alert'
import { askDevice, certifyDevice } from './api'
import { deviceKeysWork, makeDeviceKey } from './device-key'
import { Screen } from './screen'
import classes from './signing.module.css'
import { useSigning } from './signing-context'
import { StepBar } from './step-bar'
import { useAct } from './use-ceremony'

/** A key that this browser makes and keeps: the server never has it. */
export function KeyDevice({ choice }: { choice: ReactNode }) {
  const { t } = useTranslation('signing')
  const { rcp, go } = useSigning()
  const works = deviceKeysWork()
  const act = useAct(rcp, async () => {
    const options = await askDevice(rcp)
    return certifyDevice(rcp, { id: options.id, ...(await makeDeviceKey(options)) })
  })
  return (
    <Screen
      title={t('key.title')}
      lead={<p>{t('key.lead')}</p>}
      onSubmit={() => works && act.mutate(undefined, { onSuccess: ({ step }) => go(step) })}
      bar={
        <StepBar>
          <Button type="submit" loading={act.isPending} disabled={!works}>
            {t('key.device_submit')}
          </Button>
        </StepBar>
      }
    >
      {choice}
      <section className={classes.card}>
        <h2 className={classes.cardTitle}>{t('key.device_title')}</h2>
        <p className={classes.plain}>{t('key.device_text')}</p>
      </section>
      <div className={classes.care}>
        <p>{t('key.device_nobody')}</p>
      </div>
      {works ? null : <Alert color="red">{t('key.device_missing')}</Alert>}
      <ProblemAlert error={act.error} takeFocus />
      <p role="status" className="visually-hidden">
        {act.isPending ? t('key.working') : ''}
      </p>
    </Screen>
  )
}
