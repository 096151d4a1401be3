import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ProblemAlert } from '@/ui/problem-alert'
import { TrustBar } from '@/ui/trust-bar'
import { ChangesCard } from './changes-card'
import { ChooseFile } from './choose-file'
import { FullReport } from './full-report'
import { KnownForm } from './known-form'
import { PolicyRules } from './policy-rules'
import { ReliabilityCards } from './reliability-cards'
import { SignatureTable } from './signature-table'
import type { Known, Proof } from './use-verification'
import { VerdictCard } from './verdict-card'
import type { Verification } from './verification'
import classes from './verify.module.css'

interface VerificationViewProps {
  verification: Verification
  /** The activation proof that came with the file. */
  proof: Proof
  /** What the reader knows from elsewhere. */
  known: Known
  check: (files: File[], known?: Known) => void
}

/** Verdict first, facts below, the full report last. */
export function VerificationView({ verification, proof, known, check }: VerificationViewProps) {
  const { t } = useTranslation('verify')
  const { signatures } = verification
  const [chosen, setChosen] = useState(0)
  const signed = signatures.filter((signature) => signature.kind !== 'doc-timestamp')
  const shown = signed[chosen] ?? signed[0]
  const own = signatures.some((signature) => signature.trusted)
  return (
    <div className={classes.view}>
      <VerdictCard verification={verification} />
      {proof?.refused ? (
        <ProblemAlert
          color="amber"
          error={proof.refused}
          title={t('proof.refused', { name: proof.name, file: verification.file })}
        />
      ) : null}
      {own ? <TrustBar trust={verification.trust} /> : null}
      <ChangesCard verification={verification} />
      {signatures.length > 0 ? <SignatureTable signatures={signatures} /> : null}
      {shown ? <ReliabilityCards signatures={signed} shown={shown} choose={(index) => setChosen(index)} /> : null}
      {shown ? <PolicyRules shown={shown} /> : null}
      {shown ? <ProofLine proof={proof} file={verification.file} check={check} /> : null}
      {shown ? <KnownForm known={known} check={check} /> : null}
      {signatures.length > 0 ? <FullReport verification={verification} /> : null}
      <div>
        <ChooseFile onFiles={check}>{t('another')}</ChooseFile>
      </div>
    </div>
  )
}

/** The file beside the document: what it was judged with, or the way to give it. */
function ProofLine({ proof, file, check }: { proof: Proof; file: string; check: (files: File[]) => void }) {
  const { t } = useTranslation('verify')
  if (proof && !proof.refused) return <p className={classes.hint}>{t('proof.used', { name: proof.name, file })}</p>
  return (
    <div>
      <ChooseFile what="proof" onFiles={check}>
        {t('proof.choose')}
      </ChooseFile>
    </div>
  )
}
