import { OrganizationAccount } from './organization-account'
import { OrganizationAmount } from './organization-amount'
import { OrganizationForm } from './organization-form'
import { useSigning } from './signing-context'

/** The company: registry first, then a payment to its account, then the amount. */
export function OrganizationScreen() {
  const { organization } = useSigning().ceremony
  switch (organization?.state) {
    case 'registry_checked':
      return <OrganizationAccount organization={organization} />
    case 'payment_sent':
      return <OrganizationAmount organization={organization} />
    default:
      return <OrganizationForm />
  }
}
