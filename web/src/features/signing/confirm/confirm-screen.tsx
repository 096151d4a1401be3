import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { problemText, toProblem } from '@/api/problem'
import { sign } from '@/features/signing/api'
import { fieldProblem } from '@/features/signing/document/field-problem'
import { seals } from '@/features/signing/document/seals'
import { ForgotPin } from '@/features/signing/key/forgot-pin'
import { usePin } from '@/features/signing/key/use-pin'
import { useSigning } from '@/features/signing/signing-context'
import { useAct } from '@/features/signing/use-ceremony'
import { useFormat } from '@/i18n/format'
import { currentLocale } from '@/i18n/i18n'
import { ConfirmFrame } from './confirm-frame'
import { ConfirmOffered } from './confirm-offered'
import { ConfirmPinField } from './confirm-pin-field'
import { WillNowhere } from './will-nowhere'

/** The last look: which document, who signs, what it does; then what opens the key, and the act by its name. */
export function ConfirmScreen() {
  const { ceremony } = useSigning()
  const asksWill = ceremony.policy.will.length > 0
  if (asksWill && ceremony.will.length === 0) return <WillNowhere />
  return ceremony.key.opened_by === 'pin' && !asksWill ? <ConfirmPin /> : <ConfirmOffered />
}

function ConfirmPin() {
  const { t } = useTranslation('signing')
  const format = useFormat()
  const { rcp, ceremony, go } = useSigning()
  const pin = usePin()
  const act = useAct(rcp, (typed: string) => sign(rcp, typed, currentLocale(), ceremony))
  const { field } = fieldProblem(act.error, ['pin'])
  const submit = () => {
    if (pin.locked || !pin.typed()) return
    act.mutate(pin.pin, { onSuccess: ({ step }) => go(step), onError: pin.anew })
  }
  return (
    <ConfirmFrame
      onSubmit={submit}
      error={field ? null : act.error}
      locked={pin.locked}
      working={act.isPending}
      lost={<ForgotPin />}
      button={
        <Button type="submit" loading={act.isPending} disabled={pin.locked}>
          {t(seals(ceremony.recipient) ? 'confirm.seal' : 'confirm.sign')}
        </Button>
      }
    >
      <ConfirmPinField of={pin} refusal={field ? problemText(toProblem(act.error), format) : undefined} />
    </ConfirmFrame>
  )
}
