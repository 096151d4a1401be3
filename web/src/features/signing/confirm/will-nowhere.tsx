import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { seals } from '@/features/signing/document/seals'
import { ForgotPin } from '@/features/signing/key/forgot-pin'
import { Screen } from '@/features/signing/screen'
import classes from '@/features/signing/signing.module.css'
import { useSigning } from '@/features/signing/signing-context'
import { StepBar } from '@/features/signing/step-bar'
import { useFormat } from '@/i18n/format'
import { ConfirmFacts } from './confirm-facts'

/** The policy asks for a check of the will, and none of its ways can be had for this signer: why, and the ways out. */
export function WillNowhere() {
  const { t } = useTranslation('signing')
  const { t: common } = useTranslation()
  const format = useFormat()
  const { ceremony, askDecline } = useSigning()
  const asked = ceremony.policy.will
  const kind = seals(ceremony.recipient) ? 'organization' : 'person'
  return (
    <Screen
      title={t(`confirm.title_${kind}`)}
      bar={
        <StepBar>
          <Button onClick={askDecline}>{t('will.nowhere_decline')}</Button>
        </StepBar>
      }
    >
      <section className={classes.card} role="alert">
        <h2 className={classes.cardTitle}>{t('will.nowhere_title')}</h2>
        <p className={classes.plain}>
          {t('will.nowhere_text', { ways: format.either(asked.map((way) => common(`policy.will.${way}`))) })}
        </p>
        <ul className={classes.plain}>
          {asked.map((way) => (
            <li key={way}>{t(`will.nowhere_${way}`)}</li>
          ))}
        </ul>
        <p className={classes.plain}>{t('will.nowhere_act')}</p>
        {asked.includes('sms') ? <ForgotPin of="verify_again" /> : null}
      </section>
      <ConfirmFacts />
    </Screen>
  )
}
