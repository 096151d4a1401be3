import { Button } from '@mantine/core'
import { IconCircle, IconCircleCheck } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { problemText, toProblem } from '@/api/problem'
import { makeKey } from '@/features/signing/api'
import { fieldProblem } from '@/features/signing/document/field-problem'
import { Screen } from '@/features/signing/screen'
import classes from '@/features/signing/signing.module.css'
import { useSigning } from '@/features/signing/signing-context'
import { StepBar } from '@/features/signing/step-bar'
import { useAct } from '@/features/signing/use-ceremony'
import { useFormat } from '@/i18n/format'
import { ProblemAlert } from '@/ui/problem-alert'
import own from './pin.module.css'
import { PinField } from './pin-field'
import { pinRules } from './pin-rules'

/** A key locked with a PIN that nobody can recover: said before it is chosen. */
export function KeyPin({ choice, custody }: { choice: ReactNode; custody: 'pin' | 'pkcs11' }) {
  const { t } = useTranslation('signing')
  const format = useFormat()
  const { rcp, go } = useSigning()
  const [pin, setPin] = useState('')
  const [again, setAgain] = useState('')
  const [tried, setTried] = useState(false)
  const act = useAct(rcp, (chosen: string) => makeKey(rcp, chosen, custody))
  const rules = pinRules(pin, again)
  const { field } = fieldProblem(act.error, ['pin'])

  const submit = () => {
    setTried(true)
    if (rules.same) act.mutate(pin, { onSuccess: ({ step }) => go(step) })
  }
  const change = (set: (value: string) => void) => (value: string) => {
    set(value)
    if (act.isError) act.reset()
  }

  return (
    <Screen
      title={t('key.title')}
      lead={<p>{t('key.lead')}</p>}
      onSubmit={submit}
      bar={
        <StepBar>
          <Button type="submit" loading={act.isPending}>
            {t('key.submit')}
          </Button>
        </StepBar>
      }
    >
      {choice}
      <div className={classes.care}>
        <p>{t('key.nobody')}</p>
      </div>
      <ProblemAlert error={field ? null : act.error} takeFocus />
      <PinField
        name="pin"
        label={t('key.pin')}
        description={t('key.pin_hint')}
        autoComplete="new-password"
        value={pin}
        onPin={change(setPin)}
        error={
          field ? problemText(toProblem(act.error), format) : tried && !rules.length ? t('key.rule_length') : undefined
        }
      />
      <PinField
        name="pin-again"
        label={t('key.again')}
        autoComplete="new-password"
        value={again}
        onPin={change(setAgain)}
        error={tried && pin !== again ? t('key.different') : undefined}
      />
      <ul className={own.rules}>
        <Rule met={rules.length}>{t('key.rule_length')}</Rule>
        <Rule met={rules.easy}>{t('key.rule_easy')}</Rule>
        <Rule met={rules.same}>{t('key.rule_same')}</Rule>
      </ul>
      <p role="status" className="visually-hidden">
        {act.isPending ? t('key.working') : ''}
      </p>
    </Screen>
  )
}

function Rule({ met, children }: { met: boolean; children: string }) {
  const { t } = useTranslation('signing')
  return (
    <li data-met={met}>
      {met ? <IconCircleCheck size={18} aria-hidden /> : <IconCircle size={18} aria-hidden />}
      {children}
      <span className="visually-hidden"> ({t(met ? 'key.rule_met' : 'key.rule_unmet')})</span>
    </li>
  )
}
