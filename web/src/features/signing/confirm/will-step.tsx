import { TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { WillAsked } from '@/api/types'
import { ProviderQr } from '@/features/signing/identity/provider-page'
import { SandboxHint } from '@/features/signing/sandbox-hint'
import classes from '@/features/signing/signing.module.css'
import { useCountdown } from '@/features/signing/use-countdown'
import { Notice } from '@/ui/notice'
import { QuietButton } from '@/ui/quiet-button'

interface WillStepProps {
  will: WillAsked
  code: string
  refusal: string | undefined
  onCode: (typed: string) => void
  /** Gives this confirmation up, to choose again or be sent another code. */
  onAgain: () => void
}

/** The check of the will for this very document, as it stands: a code to type, a face to show, or passed. */
export function WillStep({ will, code, refusal, onCode, onAgain }: WillStepProps) {
  const { t } = useTranslation('signing')
  const wait = useCountdown(will.resend_at)
  if (will.state === 'passed') {
    return <Notice tone="jade">{t('will.passed')}</Notice>
  }
  const again = (label: string) => <QuietButton onClick={onAgain}>{label}</QuietButton>
  if (will.state === 'refused') {
    return (
      <>
        <Notice tone="seal">{t('will.face_refused')}</Notice>
        {again(t('will.again'))}
      </>
    )
  }
  if (will.by === 'face') {
    return (
      <>
        <section className={classes.card} aria-label={t('will.face_title')}>
          <h2 className={classes.cardTitle}>{t('will.face_title')}</h2>
          <p className={classes.plain}>{t(`identity.wait.lead_${will.page?.opens_in ?? 'browser'}`)}</p>
          {will.page ? <ProviderQr page={will.page} /> : null}
          <p role="status" className={classes.hint}>
            {t('identity.wait.goes_on')}
          </p>
          {again(t('will.other'))}
        </section>
        <SandboxHint hint="camera" />
      </>
    )
  }
  if (will.by === 'passkey') return <p className={classes.plain}>{t('will.passkey_hint')}</p>
  return (
    <>
      <TextInput
        name="code"
        label={t('confirm.code')}
        description={t('confirm.code_sent', { to: will.to ?? '' })}
        inputMode="numeric"
        autoComplete="one-time-code"
        value={code}
        onChange={(event) => onCode(event.currentTarget.value)}
        error={refusal}
        aria-invalid={refusal ? true : undefined}
        required
      />
      {wait > 0 ? <p className={classes.hint}>{t('will.again_in', { count: wait })}</p> : again(t('will.resend'))}
    </>
  )
}
