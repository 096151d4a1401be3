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
  /** The name of the activation proof that came with the file. */
  proof: string | null
  check: (files: File[]) => void
}

/** Verdict first, facts below, the full report last. */
export function VerificationView({ verification, proof, check }: VerificationViewProps) {
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
      {shown ? <ProofLine proof={proof} check={check} /> : null}
      {signatures.length > 0 ? <FullReport verification={verification} /> : null}
      <div>
        <ChooseFile onFiles={check}>{t('another')}</ChooseFile>
      </div>
    </div>
  )
}

/** The file beside the document: what it was judged with, or the way to give it. */
function ProofLine({ proof, check }: { proof: string | null; check: (files: File[]) => void }) {
  const { t } = useTranslation('verify')
  if (proof !== null) return <p className={classes.hint}>{t('proof.used', { name: proof })}</p>
  return (
    <div>
      <ChooseFile what="proof" onFiles={check}>
        {t('proof.choose')}
      </ChooseFile>
    </div>
  )
}
