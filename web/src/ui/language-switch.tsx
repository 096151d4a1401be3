import { useTranslation } from 'react-i18next'
import { setLocale } from '@/i18n/i18n'
import { type Locale, localeNames, toLocale } from '@/i18n/locale'
import classes from './language-switch.module.css'

interface LanguageSwitchProps {
  /** Told after the reader chose, to keep the choice with an account. */
  onChange?: (locale: Locale) => void
}

/** The other language, by its own name. */
export function LanguageSwitch({ onChange }: LanguageSwitchProps) {
  const { i18n } = useTranslation()
  const other: Locale = toLocale(i18n.language) === 'zh-CN' ? 'en' : 'zh-CN'
  const change = async () => {
    await setLocale(other)
    onChange?.(other)
  }
  return (
    <button type="button" lang={other} className={classes.button} onClick={change}>
      {localeNames[other]}
    </button>
  )
}
