import { useSigning } from '@/features/signing/signing-context'
import { OrganizationAmount } from './organization-amount'
import { OrganizationAsked } from './organization-asked'
import { OrganizationChoice } from './organization-choice'
import { OrganizationForm } from './organization-form'
import { OrganizationLetter } from './organization-letter'
import { OrganizationLetterWait } from './organization-letter-wait'
import { OrganizationQueued } from './organization-queued'

/** The company: registry first, then one of the ways to show that the signer acts for it. */
export function OrganizationScreen() {
  const { organization } = useSigning().ceremony
  if (organization?.letter?.state === 'collecting') return <OrganizationLetter review={organization.letter} />
  if (organization?.letter) return <OrganizationLetterWait review={organization.letter} />
  switch (organization?.state) {
    case 'registry_checked':
      return <OrganizationChoice organization={organization} />
    case 'payment_requested':
    case 'letter_submitted':
      return <OrganizationQueued organization={organization} />
    case 'payment_sent':
      return <OrganizationAmount organization={organization} />
    case 'leader_asked':
      return <OrganizationAsked organization={organization} />
    default:
      return <OrganizationForm />
  }
}
