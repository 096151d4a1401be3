import { Alert, Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { currentLocale } from '@/i18n/i18n'
import { ProblemAlert } from '@/ui/problem-alert'
import { offerActivation, signActivation } from './api'
import { ConfirmFacts } from './confirm-facts'
import { ForgotPin } from './forgot-pin'
import { agreeTo, PasskeyCancelled, passkeysWork } from './passkey'
import { Screen } from './screen'
import classes from './signing.module.css'
import { useSigning } from './signing-context'
import { StepBar } from './step-bar'
import { useAct } from './use-ceremony'

/** The last look, and the passkey: it signs the digest of what exactly will be signed. */
export function ConfirmPasskey() {
  const { t } = useTranslation('signing')
  const { rcp, ceremony, go } = useSigning()
  const { kind, organization } = ceremony.recipient
  const works = passkeysWork(ceremony.key)
  const act = useAct(rcp, async () => {
    const activation = await offerActivation(rcp, currentLocale(), ceremony)
    return signActivation(rcp, activation.id, await agreeTo(activation))
  })
  const cancelled = act.error instanceof PasskeyCancelled
  return (
    <Screen
      title={t(`confirm.title_${kind}`)}
      onSubmit={() => works && act.mutate(undefined, { onSuccess: ({ step }) => go(step) })}
      bar={
        <StepBar>
          <Button type="submit" loading={act.isPending} disabled={!works}>
            {t(kind === 'organization' ? 'confirm.seal_passkey' : 'confirm.sign_passkey')}
          </Button>
        </StepBar>
      }
    >
      <ProblemAlert error={cancelled ? null : act.error} takeFocus />
      <ConfirmFacts />
      <div className={classes.effect}>
        <p>{t(`confirm.effect_${kind}`, { organization: ceremony.organization?.name ?? organization ?? '' })}</p>
      </div>
      {works ? (
        <p className={classes.plain}>{t('confirm.passkey_hint')}</p>
      ) : (
        <Alert color="red">{t('confirm.passkey_missing')}</Alert>
      )}
      <p role="alert" className={classes.plain}>
        {cancelled ? t('confirm.passkey_cancelled') : ''}
      </p>
      <ForgotPin of="lost_passkey" />
      <p role="status" className={classes.hint}>
        {act.isPending ? t('confirm.working') : ''}
      </p>
    </Screen>
  )
}
