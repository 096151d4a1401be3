import { Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { weighed } from './present'
import { ReasonList } from './reason-list'
import type { Verification, VerifiedSignature } from './verification'
import classes from './verify.module.css'

/** Every finding, and all of it as JSON for lawyers and programs. */
export function FullReport({ verification }: { verification: Verification }) {
  const { t } = useTranslation('verify')
  return (
    <section id="report" tabIndex={-1} className={classes.report}>
      <h2 className={classes.heading}>{t('report.title')}</h2>
      <p className={classes.hint}>{t('report.text')}</p>
      {verification.signatures.map((signature) => (
        <details key={signature.field}>
          <summary>
            {signature.signer ?? t('table.unknown_signer')}
            {signature.revision ? ` · ${t('table.revision', { number: signature.revision })}` : null}
          </summary>
          {signature.sub_indication ? <p>{t('reasons.sub', { sub: signature.sub_indication })}</p> : null}
          <Findings signature={signature} />
        </details>
      ))}
      <p className={classes.hint}>
        {t('verdict.digest')} <code className={classes.digest}>{verification.sha256}</code>
      </p>
      <Button variant="default" leftSection={<IconDownload size={18} aria-hidden />} onClick={() => save(verification)}>
        {t('report.download')}
      </Button>
    </section>
  )
}

/** Against and for, apart; then what to do. */
function Findings({ signature }: { signature: VerifiedSignature }) {
  const { t } = useTranslation('verify')
  const { against, holds } = weighed(signature)
  const { advice } = signature
  if (against.length + holds.length + advice.length === 0) return <p>{t('reasons.none')}</p>
  return (
    <>
      {against.length > 0 ? (
        <>
          <h3>{t('reasons.against')}</h3>
          <ReasonList of="against" reasons={against} />
        </>
      ) : null}
      {holds.length > 0 ? (
        <>
          <h3>{t('reasons.holds')}</h3>
          <ReasonList of="holds" reasons={holds} />
        </>
      ) : null}
      {advice.length > 0 ? (
        <>
          <h3>{t('reasons.advice')}</h3>
          <ReasonList of="advice" reasons={advice} />
        </>
      ) : null}
    </>
  )
}

function save(verification: Verification) {
  const address = URL.createObjectURL(new Blob([JSON.stringify(verification, null, 2)], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = address
  link.download = `${verification.file.replace(/\.pdf$/i, '')}.verification.json`
  link.click()
  URL.revokeObjectURL(address)
}
