import { useState } from 'react'
import type { OrganizationState } from '@/features/signing/ceremony-types'
import { OrganizationAccount } from './organization-account'
import { OrganizationAsk } from './organization-ask'
import { OrganizationLeader } from './organization-leader'
import { OrganizationLetterStart } from './organization-letter-start'
import { OrganizationWays, type Way } from './organization-ways'
import { isLocked } from './payment-lock'

/** The registry agrees: the way to go on, the quickest for this signer unless they take another. */
export function OrganizationChoice({ organization }: { organization: OrganizationState }) {
  const [chosen, setChosen] = useState<Way | null>(null)
  const locked = isLocked(organization)
  const open = organization.ways.filter(({ way }) => !(locked && way === 'payment'))
  const way = open.find((it) => it.way === chosen)?.way ?? open[0]?.way ?? 'payment'
  const ways = <OrganizationWays open={open} way={way} chosen={chosen !== null} onChange={setChosen} />
  switch (way) {
    case 'legal_representative':
      return <OrganizationLeader organization={organization} ways={ways} />
    case 'authorization':
      return <OrganizationAsk organization={organization} ways={ways} />
    case 'letter':
      return <OrganizationLetterStart organization={organization} ways={ways} />
    default:
      return <OrganizationAccount organization={organization} ways={ways} />
  }
}
