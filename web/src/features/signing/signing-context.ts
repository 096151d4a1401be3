import { createContext, useContext } from 'react'
import type { Ceremony, Step } from './ceremony-types'

/** What every screen of the ceremony needs. */
export interface Signing {
  rcp: string
  ceremony: Ceremony
  /** Shows another step's address; the server's step has the last word. */
  go: (step: Step) => void
  /** Opens the dialog in which the signer declines with a reason. */
  askDecline: () => void
}

export const SigningContext = createContext<Signing | null>(null)

export function useSigning(): Signing {
  const signing = useContext(SigningContext)
  if (!signing) throw new Error('this part of the page belongs inside a ceremony')
  return signing
}
