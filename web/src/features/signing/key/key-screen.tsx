import { Radio, Stack } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CeremonyKey } from '@/features/signing/ceremony-types'
import { useSigning } from '@/features/signing/signing-context'
import { deviceKeysWork } from './device-key'
import { KeyDevice } from './key-device'
import { KeyPasskey } from './key-passkey'
import { KeyPending } from './key-pending'
import { KeyPin } from './key-pin'
import { passkeysWork } from './passkey'

const ways = ['pin', 'passkey', 'device', 'pkcs11_pin', 'pkcs11_passkey'] as const
type Way = (typeof ways)[number]

/** A key for this signer alone, and what opens it: a PIN, or a passkey or this browser where they can. */
export function KeyScreen() {
  const { t } = useTranslation('signing')
  const { ceremony } = useSigning()
  const offered = ways.filter((way) => isOffered(way, ceremony.key))
  const passkeys = passkeysWork(ceremony.key)
  const works = { pin: true, passkey: passkeys, device: deviceKeysWork(), pkcs11_pin: true, pkcs11_passkey: passkeys }
  const open = offered.filter((way) => works[way])
  const [way, setWay] = useState<Way>(open[0] ?? offered[0] ?? 'pin')
  const choice =
    open.length > 1 ? (
      <Radio.Group
        name="way"
        label={t('key.choose')}
        value={way}
        onChange={(next) => setWay(ways.find((it) => it === next) ?? way)}
      >
        <Stack gap="sm" mt="xs">
          {open.map((it) => (
            <Radio key={it} value={it} label={t(`key.way_${it}`)} description={t(`key.hint_${it}`)} />
          ))}
        </Stack>
      </Radio.Group>
    ) : null
  if (ceremony.key.state === 'pending') return <KeyPending next={ceremony.key.asked_again_at} />
  const inModule = way === 'pkcs11_pin' || way === 'pkcs11_passkey'
  if (way === 'device') return <KeyDevice choice={choice} />
  if (way === 'passkey' || way === 'pkcs11_passkey') {
    return <KeyPasskey choice={choice} works={passkeys} custody={inModule ? 'pkcs11' : 'passkey'} />
  }
  return <KeyPin choice={choice} custody={inModule ? 'pkcs11' : 'pin'} />
}

/** An organization's key may be in a hardware module, where a PIN or a passkey confirms each use. */
function isOffered(way: Way, { offered, confirmed_by }: CeremonyKey): boolean {
  if (way === 'pkcs11_pin') return offered.includes('pkcs11') && confirmed_by.includes('pin')
  if (way === 'pkcs11_passkey') return offered.includes('pkcs11') && confirmed_by.includes('passkey')
  return offered.includes(way)
}
