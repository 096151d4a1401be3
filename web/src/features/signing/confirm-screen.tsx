import { Button } from '@mantine/core'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { problemText, toProblem } from '@/api/problem'
import { StaffCard } from '@/features/directory/staff-card'
import { useFormat } from '@/i18n/format'
import { currentLocale } from '@/i18n/i18n'
import { ProblemAlert } from '@/ui/problem-alert'
import { sign } from './api'
import { ConfirmFacts } from './confirm-facts'
import { ConfirmOffered } from './confirm-offered'
import { fieldProblem } from './field-problem'
import { ForgotPin } from './forgot-pin'
import { PinField } from './pin-field'
import { Screen } from './screen'
import { seals } from './seals'
import classes from './signing.module.css'
import { useSigning } from './signing-context'
import { StepBar } from './step-bar'
import { useAct } from './use-ceremony'
import { useCountdown } from './use-countdown'

/** The last look: which document, who signs, what it does; then what opens the key, and the act by its name. */
export function ConfirmScreen() {
  const { ceremony } = useSigning()
  const plain = ceremony.key.opened_by === 'pin' && ceremony.policy.will.length === 0
  return plain ? <ConfirmPin /> : <ConfirmOffered />
}

function ConfirmPin() {
  const { t } = useTranslation('signing')
  const format = useFormat()
  const { rcp, ceremony, go } = useSigning()
  const { organization } = ceremony.recipient
  const kind = seals(ceremony.recipient) ? 'organization' : 'person'
  const [pin, setPin] = useState('')
  const [missing, setMissing] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  const act = useAct(rcp, (typed: string) => sign(rcp, typed, currentLocale(), ceremony))
  const locked = useCountdown(ceremony.key.locked_until) > 0
  const { field } = fieldProblem(act.error, ['pin'])

  const submit = () => {
    setMissing(pin === '')
    if (pin === '') return input.current?.focus()
    act.mutate(pin, {
      onSuccess: ({ step }) => go(step),
      onError: () => {
        setPin('')
        input.current?.focus()
      },
    })
  }
  const refusal = field && !locked ? problemText(toProblem(act.error), format) : undefined

  return (
    <Screen
      title={t(`confirm.title_${kind}`)}
      onSubmit={submit}
      bar={
        <StepBar>
          <Button type="submit" loading={act.isPending} disabled={locked}>
            {t(kind === 'organization' ? 'confirm.seal' : 'confirm.sign')}
          </Button>
        </StepBar>
      }
    >
      <ProblemAlert error={field ? null : act.error} takeFocus />
      <ConfirmFacts />
      <StaffCard />
      <div className={classes.effect}>
        <p>{t(`confirm.effect_${kind}`, { organization: ceremony.organization?.name ?? organization ?? '' })}</p>
      </div>
      {locked ? (
        <p className={classes.care} role="alert">
          {t('confirm.locked', { date: format.dateTime(ceremony.key.locked_until ?? '') })}
        </p>
      ) : (
        <PinField
          ref={input}
          name="pin"
          label={t('confirm.pin')}
          description={t('confirm.pin_hint')}
          autoComplete="current-password"
          value={pin}
          onPin={(typed) => {
            setPin(typed)
            setMissing(false)
          }}
          error={missing ? t('confirm.pin_missing') : refusal}
        />
      )}
      <ForgotPin />
      <p role="status" className={classes.hint}>
        {act.isPending ? t('confirm.working') : ''}
      </p>
    </Screen>
  )
}
