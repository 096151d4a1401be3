import { IconAlertTriangle, IconArrowRight, IconCheck } from '@tabler/icons-react'
import { currentLocale } from '@/i18n/i18n'
import { reasonText } from './present'
import type { Reason } from './verification'
import classes from './verify.module.css'

const icons = { against: IconAlertTriangle, holds: IconCheck, advice: IconArrowRight }

/** Findings of one kind, each with its mark: those against a signature, those that hold, or what to do. */
export function ReasonList({ reasons, of }: { reasons: readonly Reason[]; of: keyof typeof icons }) {
  const locale = currentLocale()
  const Icon = icons[of]
  return (
    <ul className={classes.reasons} data-of={of}>
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
