import { Alert, Button } from '@mantine/core'
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
import { WillChoice } from './will-choice'
import { WillStep } from './will-step'

const lost = { passkey: 'lost_passkey', device: 'lost_device', pin: 'forgot', pkcs11: 'forgot' } as const
/** Refusals after which the same activation can still be used. */
const again = ['code_wrong', 'will_missing', 'provider_unavailable']
/** Of these, those that say that the will is confirmed. */
const afterWill = ['pin_wrong', 'token_away']

/** The last look; then the will is confirmed where the policy asks for it; then what exactly will be signed is agreed to. */
export function ConfirmOffered() {
  const { t } = useTranslation('signing')
  const format = useFormat()
  const { ceremony, go } = useSigning()
  const { organization } = ceremony.recipient
  const kind = seals(ceremony.recipient) ? 'organization' : 'person'
  const opens = ceremony.key.opened_by ?? 'pin'
  const { activation, forget, willed, offer, sign, poll } = useOffered()
  const [pin, setPin] = useState('')
  const [code, setCode] = useState('')
  const [way, setWay] = useState(ceremony.will.find(({ by }) => by !== 'face') ?? null)
  const [agreed, setAgreed] = useState(false)
  const [missing, setMissing] = useState(false)
  const works = opens !== 'passkey' || passkeysWork(ceremony.key)
  const will = activation?.will
  const asking = way !== null && !activation
  const waiting = will?.by === 'face' && will.state !== 'passed'
  const error = sign.error ?? offer.error ?? (waiting ? poll.error : null)
  const cancelled = error instanceof PasskeyCancelled || error instanceof DeviceKeyMissing
  const { field } = fieldProblem(error, ['pin', 'code'])
  const refusal = field ? problemText(toProblem(error), format) : undefined
  const act = opens === 'passkey' ? (`${kind === 'organization' ? 'seal' : 'sign'}_passkey` as const) : null
  const anew = () => {
    forget()
    setCode('')
    sign.reset()
  }

  const submit = () => {
    if (!works) return
    if (asking) {
      setMissing(way.by === 'face' && !agreed)
      return way.by === 'face' && !agreed ? undefined : offer.mutate(way)
    }
    sign.mutate(
      { pin, code },
      {
        onSuccess: ({ step }) => {
          forget()
          go(step)
        },
        onError: (failed) => {
          setPin('')
          const refused = failed instanceof ApiProblem ? failed.code : ''
          if (afterWill.includes(refused)) willed()
          else if (!again.includes(refused)) forget()
        },
      },
    )
  }
  const page = waiting ? will.page : null

  return (
    <Screen
      title={t(`confirm.title_${kind}`)}
      onSubmit={submit}
      bar={
        <StepBar>
          {page ? (
            <Button component="a" href={page.app_link ?? page.url} target="_blank" rel="noreferrer">
              {t(`identity.wait.open_${page.opens_in}`)}
            </Button>
          ) : (
            <Button type="submit" loading={offer.isPending || sign.isPending} disabled={!works || waiting}>
              {asking
                ? t(`will.begin_${way.by}`)
                : t(act ? `confirm.${act}` : kind === 'organization' ? 'confirm.seal' : 'confirm.sign')}
            </Button>
          )}
        </StepBar>
      }
    >
      <ProblemAlert error={cancelled || field ? null : error} takeFocus />
      <ConfirmFacts />
      <div className={classes.effect}>
        <p>{t(`confirm.effect_${kind}`, { organization: ceremony.organization?.name ?? organization ?? '' })}</p>
      </div>
      {works ? null : <Alert color="red">{t('confirm.passkey_missing')}</Alert>}
      {asking ? (
        <WillChoice chosen={way} agreed={agreed} missing={missing && !agreed} onChoose={setWay} onAgree={setAgreed} />
      ) : null}
      {will ? (
        <WillStep
          will={will}
          code={code}
          refusal={field === 'code' ? refusal : undefined}
          onCode={setCode}
          onAgain={anew}
        />
      ) : null}
      {opens === 'pin' && !asking && !waiting ? (
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
      {works && opens === 'passkey' ? <p className={classes.plain}>{t('confirm.passkey_hint')}</p> : null}
      {opens === 'device' ? <p className={classes.plain}>{t('confirm.device_hint')}</p> : null}
      <p role="alert" className={classes.plain}>
        {cancelled ? t(error instanceof DeviceKeyMissing ? 'confirm.device_missing' : 'confirm.passkey_cancelled') : ''}
      </p>
      <ForgotPin of={lost[opens]} />
      <p role="status" className={classes.hint}>
        {sign.isPending ? t('confirm.working') : ''}
      </p>
    </Screen>
  )
}
