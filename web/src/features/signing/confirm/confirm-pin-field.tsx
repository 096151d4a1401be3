import { useTranslation } from 'react-i18next'
import { PinField } from '@/features/signing/key/pin-field'
import type { usePin } from '@/features/signing/key/use-pin'

/** The PIN that opens the key once, for this document. */
export function ConfirmPinField({ of, refusal }: { of: ReturnType<typeof usePin>; refusal: string | undefined }) {
  const { t } = useTranslation('signing')
  return (
    <PinField
      ref={of.input}
      name="pin"
      label={t('confirm.pin')}
      description={t('confirm.pin_hint')}
      autoComplete="current-password"
      value={of.pin}
      onPin={of.type}
      error={of.missing ? t('confirm.pin_missing') : refusal}
    />
  )
}
