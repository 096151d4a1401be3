import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { TrustBar } from '@/ui/trust-bar'
import { ChangesCard } from './changes-card'
import { ChooseFile } from './choose-file'
import { FullReport } from './full-report'
import { ReliabilityCards } from './reliability-cards'
import { SignatureTable } from './signature-table'
import { VerdictCard } from './verdict-card'
import type { Verification } from './verification'
import classes from './verify.module.css'

interface VerificationViewProps {
  verification: Verification
  check: (file: File) => void
}

/** Verdict first, facts below, the full report last. */
export function VerificationView({ verification, check }: VerificationViewProps) {
  const { t } = useTranslation('verify')
  const { signatures } = verification
  const [chosen, setChosen] = useState(0)
  const signed = signatures.filter((signature) => signature.kind !== 'doc-timestamp')
  const shown = signed[chosen] ?? signed[0]
  const own = signatures.some((signature) => signature.trusted)
  return (
    <div className={classes.view}>
      <VerdictCard verification={verification} />
      {own ? <TrustBar trust={verification.trust}>{t('trust.text')}</TrustBar> : null}
      <ChangesCard verification={verification} />
      {signatures.length > 0 ? <SignatureTable signatures={signatures} /> : null}
      {shown ? <ReliabilityCards signatures={signed} shown={shown} choose={(index) => setChosen(index)} /> : null}
      {signatures.length > 0 ? <FullReport verification={verification} /> : null}
      <div>
        <ChooseFile onFile={check}>{t('another')}</ChooseFile>
      </div>
    </div>
  )
}
