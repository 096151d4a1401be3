import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { problemText, toProblem } from '@/api/problem'
import { fieldProblem } from '@/features/signing/document/field-problem'
import { SandboxHint } from '@/features/signing/sandbox-hint'
import classes from '@/features/signing/signing.module.css'
import { useCountdown } from '@/features/signing/use-countdown'
import { useFormat } from '@/i18n/format'
import { ProblemAlert } from '@/ui/problem-alert'
import { QuietButton } from '@/ui/quiet-button'
import { useIdentityAct, useIdentityHost } from './identity-host'

/** The code from the SMS: autofilled, pasted or typed. */
export function IdentityCode() {
  const { t } = useTranslation('signing')
  const format = useFormat()
  const { identity, acts, Frame, Bar } = useIdentityHost()
  const [code, setCode] = useState('')
  const confirm = useIdentityAct(acts.code)
  const resend = useIdentityAct(acts.resend)
  const restart = useIdentityAct(acts.restart)
  const wait = useCountdown(identity.resend_at)
  const { field } = fieldProblem(confirm.error, ['code'])
  const general = field ? null : (confirm.error ?? resend.error ?? restart.error)

  const submit = () => {
    resend.reset()
    confirm.mutate(code)
  }

  return (
    <Frame
      title={t('identity.code_title')}
      lead={<p>{t('identity.code_lead', { phone: identity.phone_masked ?? '' })}</p>}
      onSubmit={submit}
      bar={
        <Bar>
          <Button type="submit" loading={confirm.isPending}>
            {t('identity.code_submit')}
          </Button>
        </Bar>
      }
    >
      <SandboxHint hint="outbox" />
      <ProblemAlert error={general} takeFocus />
      <TextInput
        className={classes.code}
        classNames={{ wrapper: classes.codeInput }}
        label={t('identity.code')}
        name="code"
        inputMode="numeric"
        autoComplete="one-time-code"
        value={code}
        onChange={(event) => {
          setCode(event.currentTarget.value.normalize('NFKC').replace(/\D/g, '').slice(0, 8))
          if (confirm.isError) confirm.reset()
        }}
        error={field ? problemText(toProblem(confirm.error), format) : undefined}
        data-autofocus
        required
      />
      <div className={classes.row} style={{ justifyContent: 'flex-start' }}>
        <Button
          variant="default"
          size="sm"
          disabled={wait > 0}
          loading={resend.isPending}
          onClick={() => resend.mutate(undefined, { onSuccess: () => setCode('') })}
        >
          {wait > 0 ? t('identity.resend_in', { seconds: wait }) : t('identity.resend')}
        </Button>
        <QuietButton size="sm" loading={restart.isPending} onClick={() => restart.mutate(undefined)}>
          {t('identity.other')}
        </QuietButton>
      </div>
      <p role="status" className={classes.hint}>
        {resend.isSuccess ? t('identity.resent') : ''}
      </p>
    </Frame>
  )
}
