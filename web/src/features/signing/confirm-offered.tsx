import { Alert, Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiProblem, problemText, toProblem } from '@/api/problem'
import { useFormat } from '@/i18n/format'
import { ProblemAlert } from '@/ui/problem-alert'
import { ConfirmFacts } from './confirm-facts'
import { DeviceKeyMissing } from './device-key'
import { fieldProblem } from './field-problem'
import { ForgotPin } from './forgot-pin'
import { PasskeyCancelled, passkeysWork } from './passkey'
import { PinField } from './pin-field'
import { Screen } from './screen'
import { seals } from './seals'
import classes from './signing.module.css'
import { useSigning } from './signing-context'
import { StepBar } from './step-bar'
import { useOffered } from './use-offered'

const lost = { passkey: 'lost_passkey', device: 'lost_device', pin: 'forgot', pkcs11: 'forgot' } as const
/** Refusals after which the same activation can still be used. */
const again = ['code_wrong', 'will_missing']

/** The last look; then what exactly will be signed is agreed to: by passkey, by this browser's key, by code and PIN. */
export function ConfirmOffered() {
  const { t } = useTranslation('signing')
  const format = useFormat()
  const { ceremony, go } = useSigning()
  const { organization } = ceremony.recipient
  const kind = seals(ceremony.recipient) ? 'organization' : 'person'
  const custody = ceremony.key.custody ?? 'pin'
  const { activation, forget, offer, sign } = useOffered()
  const [pin, setPin] = useState('')
  const [code, setCode] = useState('')
  const works = custody !== 'passkey' || passkeysWork(ceremony.key)
  const asking = ceremony.policy.will === 'code' && !activation
  const error = sign.error ?? offer.error
  const cancelled = error instanceof PasskeyCancelled || error instanceof DeviceKeyMissing
  const { field } = fieldProblem(error, ['pin', 'code'])
  const refusal = field ? problemText(toProblem(error), format) : undefined
  const act = custody === 'passkey' ? (`${kind === 'organization' ? 'seal' : 'sign'}_passkey` as const) : null

  const submit = () => {
    if (!works) return
    if (asking) return offer.mutate(undefined)
    sign.mutate(
      { pin, code },
      {
        onSuccess: ({ step }) => go(step),
        onError: (failed) => {
          setPin('')
          if (!(failed instanceof ApiProblem && again.includes(failed.code))) forget()
        },
      },
    )
  }

  return (
    <Screen
      title={t(`confirm.title_${kind}`)}
      onSubmit={submit}
      bar={
        <StepBar>
          <Button type="submit" loading={offer.isPending || sign.isPending} disabled={!works}>
            {asking
              ? t('confirm.code_send')
              : t(act ? `confirm.${act}` : kind === 'organization' ? 'confirm.seal' : 'confirm.sign')}
          </Button>
        </StepBar>
      }
    >
      <ProblemAlert error={cancelled || field ? null : error} takeFocus />
      <ConfirmFacts />
      <div className={classes.effect}>
        <p>{t(`confirm.effect_${kind}`, { organization: ceremony.organization?.name ?? organization ?? '' })}</p>
      </div>
      {works ? null : <Alert color="red">{t('confirm.passkey_missing')}</Alert>}
      {asking ? <p className={classes.plain}>{t('confirm.code_hint')}</p> : null}
      {activation?.will ? (
        <TextInput
          name="code"
          label={t('confirm.code')}
          description={t('confirm.code_sent', { phone: activation.will.phone_masked })}
          inputMode="numeric"
          autoComplete="one-time-code"
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
          error={field === 'code' ? refusal : undefined}
        />
      ) : null}
      {custody === 'pin' && !asking ? (
        <PinField
          name="pin"
          label={t('confirm.pin')}
          description={t('confirm.pin_hint')}
          autoComplete="current-password"
          value={pin}
          onPin={setPin}
          error={field === 'pin' ? refusal : undefined}
        />
      ) : null}
      {works && custody === 'passkey' ? <p className={classes.plain}>{t('confirm.passkey_hint')}</p> : null}
      {custody === 'device' ? <p className={classes.plain}>{t('confirm.device_hint')}</p> : null}
      <p role="alert" className={classes.plain}>
        {cancelled ? t(error instanceof DeviceKeyMissing ? 'confirm.device_missing' : 'confirm.passkey_cancelled') : ''}
      </p>
      <ForgotPin of={lost[custody]} />
      <p role="status" className={classes.hint}>
        {sign.isPending ? t('confirm.working') : ''}
      </p>
    </Screen>
  )
}
