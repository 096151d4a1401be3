import type { ReactNode } from 'react'
import { askDevice, certifyDevice } from '@/features/signing/api'
import { useSigning } from '@/features/signing/signing-context'
import { deviceKeysWork, makeDeviceKey } from './device-key'
import { KeyMadeHere } from './key-made-here'

/** A key that this browser makes and keeps: the server never has it. */
export function KeyDevice({ choice }: { choice: ReactNode }) {
  const { rcp } = useSigning()
  const make = async () => {
    const options = await askDevice(rcp)
    return certifyDevice(rcp, { id: options.id, ...(await makeDeviceKey(options)) })
  }
  return <KeyMadeHere way="device" choice={choice} works={deviceKeysWork()} make={make} />
}
