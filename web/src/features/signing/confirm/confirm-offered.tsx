import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiProblem, problemText, toProblem } from '@/api/problem'
import { fieldProblem } from '@/features/signing/document/field-problem'
import { seals } from '@/features/signing/document/seals'
import { DeviceKeyMissing } from '@/features/signing/key/device-key'
import { ForgotPin } from '@/features/signing/key/forgot-pin'
import { PasskeyCancelled, passkeysWork } from '@/features/signing/key/passkey'
import { usePin } from '@/features/signing/key/use-pin'
import classes from '@/features/signing/signing.module.css'
import { useSigning } from '@/features/signing/signing-context'
import { useFormat } from '@/i18n/format'
import { Notice } from '@/ui/notice'
import { ConfirmFrame } from './confirm-frame'
import { ConfirmPinField } from './confirm-pin-field'
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
  const act = seals(ceremony.recipient) ? 'seal' : 'sign'
  const opens = ceremony.key.opened_by ?? 'pin'
  const { activation, forget, willed, offer, sign, poll } = useOffered()
  const pin = usePin()
  const [code, setCode] = useState('')
  const [codeMissing, setCodeMissing] = useState(false)
  const [chosen, choose] = useState(ceremony.will.find(({ by }) => by !== 'face')?.by)
  const way = ceremony.will.find(({ by }) => by === chosen) ?? null
  const [agreed, setAgreed] = useState(false)
  const [missing, setMissing] = useState(false)
  const works = opens !== 'passkey' || passkeysWork(ceremony.key)
  const will = activation?.will
  const asking = way !== null && !activation
  const waiting = will?.by === 'face' && will.state !== 'passed'
  const asksCode = will?.state === 'open' && (will.by === 'sms' || will.by === 'email')
  const asksPin = opens === 'pin' && !asking && !waiting
  const error = sign.error ?? offer.error ?? (waiting ? poll.error : null)
  const cancelled = error instanceof PasskeyCancelled || error instanceof DeviceKeyMissing
  const { field } = fieldProblem(error, ['pin', 'code'])
  const refusal = field ? problemText(toProblem(error), format) : undefined
  const anew = () => {
    forget()
    setCode('')
    sign.reset()
  }

  const submit = () => {
    if (!works || pin.locked || waiting) return
    if (asking) {
      setMissing(way.by === 'face' && !agreed)
      return way.by === 'face' && !agreed ? undefined : offer.mutate(way)
    }
    const noCode = asksCode && code.trim() === ''
    setCodeMissing(noCode)
    if ((asksPin && !pin.typed()) || noCode) return
    sign.mutate(
      { pin: pin.pin, code },
      {
        onSuccess: ({ step }) => {
          forget()
          go(step)
        },
        onError: (failed) => {
          pin.anew()
          const refused = failed instanceof ApiProblem ? failed.code : ''
          if (afterWill.includes(refused)) willed()
          else if (!again.includes(refused)) forget()
        },
      },
    )
  }
  const page = waiting ? will.page : null

  return (
    <ConfirmFrame
      onSubmit={submit}
      error={cancelled || field ? null : error}
      locked={pin.locked}
      working={sign.isPending}
      lost={<ForgotPin of={lost[opens]} />}
      button={
        page && !pin.locked ? (
          <Button component="a" href={page.app_link ?? page.url} target="_blank" rel="noreferrer">
            {t(`identity.wait.open_${page.opens_in}`)}
          </Button>
        ) : (
          <Button type="submit" loading={offer.isPending || sign.isPending} disabled={!works || waiting || pin.locked}>
            {asking ? t(`will.begin_${way.by}`) : t(opens === 'passkey' ? `confirm.${act}_passkey` : `confirm.${act}`)}
          </Button>
        )
      }
    >
      {works ? null : <Notice tone="seal">{t('confirm.passkey_missing')}</Notice>}
      {asking ? (
        <WillChoice
          chosen={way}
          agreed={agreed}
          missing={missing && !agreed}
          onChoose={({ by }) => choose(by)}
          onAgree={setAgreed}
          onRegister={() => offer.mutate({ ...way, registered: false })}
        />
      ) : null}
      {will ? (
        <WillStep
          will={will}
          code={code}
          refusal={codeMissing && !code ? t('confirm.code_missing') : field === 'code' ? refusal : undefined}
          onCode={setCode}
          onAgain={anew}
        />
      ) : null}
      {asksPin ? <ConfirmPinField of={pin} refusal={field === 'pin' ? refusal : undefined} /> : null}
      {works && opens === 'passkey' ? <p className={classes.plain}>{t('confirm.passkey_hint')}</p> : null}
      {opens === 'device' ? <p className={classes.plain}>{t('confirm.device_hint')}</p> : null}
      <p role="alert" className={classes.plain}>
        {cancelled ? t(error instanceof DeviceKeyMissing ? 'confirm.device_missing' : 'confirm.passkey_cancelled') : ''}
      </p>
    </ConfirmFrame>
  )
}
