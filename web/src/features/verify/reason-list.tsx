import { IconAlertTriangle, IconCheck } from '@tabler/icons-react'
import { currentLocale } from '@/i18n/i18n'
import { reasonText } from './present'
import type { Reason } from './verification'
import classes from './verify.module.css'

/** Findings of one kind, each with its mark: those that hold, or those that do not. */
export function ReasonList({ reasons, hold = false }: { reasons: readonly Reason[]; hold?: boolean }) {
  const locale = currentLocale()
  const Icon = hold ? IconCheck : IconAlertTriangle
  return (
    <ul className={classes.reasons} data-hold={hold}>
      {reasons.map((reason) => {
        const { text, lang } = reasonText(reason, locale)
        return (
          <li key={`${reason.code}${JSON.stringify(reason.params)}`} lang={lang}>
            <Icon size={18} aria-hidden />
            <span>{text}</span>
          </li>
        )
      })}
    </ul>
  )
}
