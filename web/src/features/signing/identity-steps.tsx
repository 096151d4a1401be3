import { IdentityCode } from './identity-code'
import { IdentityForm } from './identity-form'
import { useIdentityHost } from './identity-host'
import { useIdentityTyped } from './identity-typed'
import { IdentityWait } from './identity-wait'

/**
 * Real name: name and number against the register, then the code that only this phone gets; or a face, at the provider's
 * page.
 */
export function IdentitySteps() {
  const { identity, name } = useIdentityHost()
  const { state, page } = identity
  const typed = useIdentityTyped(name)
  if (state === 'pending' && page)
    return <IdentityWait page={page} onGiveUp={() => typed.setWanted('three_elements')} />
  return state === 'code_sent' ? <IdentityCode /> : <IdentityForm typed={typed} />
}
