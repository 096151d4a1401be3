import { PasswordInput, type PasswordInputProps } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import classes from '@/features/signing/signing.module.css'
import own from './pin.module.css'

/** A PIN or a phrase, so with every key of the keyboard: hidden, with a way to look at it; pasting is welcome. */
export function PinField({ onPin, ...props }: PasswordInputProps & { onPin: (pin: string) => void }) {
  const { t } = useTranslation('signing')
  const [visible, setVisible] = useState(false)
  return (
    <PasswordInput
      className={classes.code}
      classNames={{ visibilityToggle: own.toggle, section: own.toggleSection }}
      visible={visible}
      onVisibilityChange={setVisible}
      visibilityToggleButtonProps={{ 'aria-label': t(visible ? 'key.hide' : 'key.show'), tabIndex: 0 }}
      onChange={(event) => onPin(event.currentTarget.value.normalize('NFKC'))}
      aria-invalid={props.error ? true : undefined}
      required
      {...props}
    />
  )
}
