import type { ReactNode } from 'react'
import { askPasskey, makePasskeyKey } from './api'
import { KeyMadeHere } from './key-made-here'
import { createPasskey } from './passkey'
import { useSigning } from './signing-context'

interface KeyPasskeyProps {
  /** The other way, where there is one. */
  choice: ReactNode
  /** Whether this browser can use passkeys here. */
  works: boolean
}

/** A key that the signer's passkey opens: made in one act, on the device that they hold. */
export function KeyPasskey({ choice, works }: KeyPasskeyProps) {
  const { rcp } = useSigning()
  const make = async () => {
    const options = await askPasskey(rcp)
    return makePasskeyKey(rcp, { id: options.id, ...(await createPasskey(options)) })
  }
  return <KeyMadeHere way="passkey" choice={choice} works={works} make={make} />
}
