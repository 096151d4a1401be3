import { useTranslation } from 'react-i18next'
import { seals } from '@/features/signing/document/seals'
import type { Step } from './ceremony-types'
import { useSigning } from './signing-context'

/** A step by its name for this signer: a person has a signature, a company a seal. */
export function useStepName(): (step: Step) => string {
  const { t } = useTranslation('signing')
  const kind = seals(useSigning().ceremony.recipient) ? 'organization' : 'person'
  return (step) => (step === 'impression' ? t(`steps.impression_${kind}`) : t(`steps.${step}`))
}
