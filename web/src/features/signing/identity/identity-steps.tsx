import { IdentityCode } from './identity-code'
import { IdentityForm } from './identity-form'
import { useIdentityHost } from './identity-host'
import { IdentityPictures } from './identity-pictures'
import { IdentityReview } from './identity-review'
import { useIdentityTyped } from './identity-typed'
import { IdentityWait } from './identity-wait'

/**
 * Real name: name and number against the register, then the code that only this phone gets; or a face, at the provider's
 * page; or pictures of the document, which an administrator looks at.
 */
export function IdentitySteps() {
  const { identity, name } = useIdentityHost()
  const { state, page, review } = identity
  const typed = useIdentityTyped(name)
  if (state === 'pending' && page)
    return <IdentityWait page={page} onGiveUp={() => typed.setWanted('three_elements')} />
  if (review?.state === 'collecting') return <IdentityPictures review={review} />
  if (review) return <IdentityReview review={review} />
  return state === 'code_sent' ? <IdentityCode /> : <IdentityForm typed={typed} />
}
