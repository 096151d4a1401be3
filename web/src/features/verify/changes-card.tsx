import { useTranslation } from 'react-i18next'
import { currentLocale } from '@/i18n/i18n'
import { forbiddenChanges, isChanged, reasonText } from './present'
import type { Reason, Verification } from './verification'
import classes from './verify.module.css'

/** For a changed file: what was changed, and of each signature the gravest finding; the rest stands in the report. */
export function ChangesCard({ verification }: { verification: Verification }) {
  const { t } = useTranslation('verify')
  const broken = verification.signatures.filter(isChanged)
  const failed = verification.signatures.filter((signature) => signature.indication === 'TOTAL-FAILED')
  const concerned = broken.length > 0 ? broken : failed
  if (concerned.length === 0) return null
  const changes = forbiddenChanges(verification)
  return (
    <section className={classes.changes}>
      <h2>{t('reasons.title')}</h2>
      {changes.length > 0 ? <ReasonList reasons={changes} /> : null}
      {concerned.map((signature) => (
        <div key={signature.field}>
          <h3>{signature.signer ?? t('table.unknown_signer')}</h3>
          <ReasonList reasons={signature.reasons.slice(0, 1)} />
        </div>
      ))}
    </section>
  )
}

export function ReasonList({ reasons }: { reasons: readonly Reason[] }) {
  const locale = currentLocale()
  return (
    <ul>
      {reasons.map((reason) => {
        const { text, lang } = reasonText(reason, locale)
        return (
          <li key={`${reason.code}${JSON.stringify(reason.params)}`} lang={lang}>
            {text}
          </li>
        )
      })}
    </ul>
  )
}
