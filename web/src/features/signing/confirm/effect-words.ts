import { useTranslation } from 'react-i18next'
import { seals } from '@/features/signing/document/seals'
import { useSigning } from '@/features/signing/signing-context'

/** The words over the button that signs: what it does, for whom. They go into the activation as they stand here. */
export function useEffectWords(): string {
  const { t } = useTranslation('signing')
  const { ceremony } = useSigning()
  const { organization } = ceremony.recipient
  const kind = seals(ceremony.recipient) ? 'organization' : 'person'
  return t(`confirm.effect_${kind}`, { organization: ceremony.organization?.name ?? organization ?? '' })
}
