import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Ceremony } from '@/features/signing/ceremony-types'
import { Screen } from '@/features/signing/screen'
import classes from '@/features/signing/signing.module.css'
import { useSigning } from '@/features/signing/signing-context'
import { StepBar } from '@/features/signing/step-bar'
import { useAct } from '@/features/signing/use-ceremony'
import { Notice } from '@/ui/notice'
import { ProblemAlert } from '@/ui/problem-alert'
import { PasskeyCancelled } from './passkey'

interface KeyMadeHereProps {
  /** Whose words are shown. */
  way: 'passkey' | 'device'
  /** The other ways, where there are some. */
  choice: ReactNode
  /** Whether this browser can. */
  works: boolean
  make: () => Promise<Ceremony>
}

/** A key, or what opens it, that the signer's device makes in one act: what that means, and the button. */
export function KeyMadeHere({ way, choice, works, make }: KeyMadeHereProps) {
  const { t } = useTranslation('signing')
  const { rcp, go } = useSigning()
  const act = useAct(rcp, make)
  const cancelled = act.error instanceof PasskeyCancelled
  return (
    <Screen
      title={t('key.title')}
      lead={<p>{t('key.lead')}</p>}
      onSubmit={() => works && act.mutate(undefined, { onSuccess: ({ step }) => go(step) })}
      bar={
        <StepBar>
          <Button type="submit" loading={act.isPending} disabled={!works}>
            {t(`key.${way}_submit`)}
          </Button>
        </StepBar>
      }
    >
      {choice}
      <section className={classes.card}>
        <h2 className={classes.cardTitle}>{t(`key.${way}_title`)}</h2>
        <p className={classes.plain}>{t(`key.${way}_text`)}</p>
      </section>
      <div className={classes.care}>
        <p>{t(`key.${way}_nobody`)}</p>
      </div>
      {works ? null : <Notice tone="seal">{t(`key.${way}_missing`)}</Notice>}
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
