import { IdentityCode } from './identity-code'
import { IdentityForm } from './identity-form'
import { useSigning } from './signing-context'

/** Real name: name, ID number and phone against the register, then the code that only this phone gets. */
export function IdentityScreen() {
  const { state } = useSigning().ceremony.identity
  return state === 'code_sent' ? <IdentityCode /> : <IdentityForm />
}
