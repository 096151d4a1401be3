import { IdentityCode } from './identity-code'
import { IdentityForm } from './identity-form'
import { IdentityWait } from './identity-wait'
import { useSigning } from './signing-context'

/**
 * Real name: name and number against the register, then the code that only this phone gets; or a face, at the provider's
 * page.
 */
export function IdentityScreen() {
  const { state, page } = useSigning().ceremony.identity
  if (state === 'pending' && page) return <IdentityWait page={page} />
  return state === 'code_sent' ? <IdentityCode /> : <IdentityForm />
}
