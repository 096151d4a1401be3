import { Radio, Stack } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { deviceKeysWork } from './device-key'
import { KeyDevice } from './key-device'
import { KeyPasskey } from './key-passkey'
import { KeyPin } from './key-pin'
import { passkeysWork } from './passkey'
import { useSigning } from './signing-context'

const ways = ['pin', 'passkey', 'device'] as const
type Way = (typeof ways)[number]

/** A key for this signer alone, and what opens it: a PIN, or a passkey or this browser where they can. */
export function KeyScreen() {
  const { t } = useTranslation('signing')
  const { ceremony } = useSigning()
  const offered = ways.filter((way) => ceremony.key.offered.includes(way))
  const works = { pin: true, passkey: passkeysWork(ceremony.key), device: deviceKeysWork() }
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
  if (way === 'device') return <KeyDevice choice={choice} />
  return way === 'passkey' ? <KeyPasskey choice={choice} works={works.passkey} /> : <KeyPin choice={choice} />
}
