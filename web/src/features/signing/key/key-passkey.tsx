import type { ReactNode } from 'react'
import { askPasskey, makePasskeyKey } from '@/features/signing/api'
import { useSigning } from '@/features/signing/signing-context'
import { KeyMadeHere } from './key-made-here'
import { createPasskey } from './passkey'

interface KeyPasskeyProps {
  /** The other way, where there is one. */
  choice: ReactNode
  /** Whether this browser can use passkeys here. */
  works: boolean
  /** Where the key itself is to be. */
  custody: 'passkey' | 'pkcs11'
}

/** A key that the signer's passkey opens: made in one act, on the device that they hold. */
export function KeyPasskey({ choice, works, custody }: KeyPasskeyProps) {
  const { rcp } = useSigning()
  const make = async () => {
    const options = await askPasskey(rcp, custody)
    return makePasskeyKey(rcp, { id: options.id, custody, ...(await createPasskey(options)) })
  }
  return <KeyMadeHere way="passkey" choice={choice} works={works} make={make} />
}
