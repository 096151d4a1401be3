import { IdentityCode } from './identity-code'
import { IdentityForm } from './identity-form'
import { useIdentityTyped } from './identity-typed'
import { IdentityWait } from './identity-wait'
import { useSigning } from './signing-context'

/**
 * Real name: name and number against the register, then the code that only this phone gets; or a face, at the provider's
 * page.
 */
export function IdentityScreen() {
  const { identity, recipient } = useSigning().ceremony
  const { state, page } = identity
  const typed = useIdentityTyped(recipient.name)
  if (state === 'pending' && page)
    return <IdentityWait page={page} onGiveUp={() => typed.setWanted('three_elements')} />
  return state === 'code_sent' ? <IdentityCode /> : <IdentityForm typed={typed} />
}
