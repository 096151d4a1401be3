import { useTranslation } from 'react-i18next'
import { forbiddenChanges, isChanged, weighed } from './present'
import { ReasonList } from './reason-list'
import type { Verification } from './verification'
import classes from './verify.module.css'

/** For a file that fails: what was changed, and what speaks against each signature. What holds stands in the report. */
export function ChangesCard({ verification }: { verification: Verification }) {
  const { t } = useTranslation('verify')
  const concerned = verification.signatures.filter(
    (signature) => isChanged(signature) || signature.indication === 'TOTAL-FAILED',
  )
  if (concerned.length === 0) return null
  const changes = forbiddenChanges(verification)
  return (
    <section className={classes.changes}>
      <h2>{t('reasons.title')}</h2>
      {changes.length > 0 ? <ReasonList of="against" reasons={changes} /> : null}
      {concerned.map((signature) => (
        <div key={signature.field}>
          <h3>{signature.signer ?? t('table.unknown_signer')}</h3>
          <ReasonList of="against" reasons={weighed(signature).against} />
        </div>
      ))}
    </section>
  )
}
