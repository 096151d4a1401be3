import { Radio, Stack } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { KeyPasskey } from './key-passkey'
import { KeyPin } from './key-pin'
import { passkeysWork } from './passkey'
import { useSigning } from './signing-context'

type Way = 'pin' | 'passkey'

/** A key for this signer alone, and what opens it: a PIN, or a passkey where the browser has one. */
export function KeyScreen() {
  const { t } = useTranslation('signing')
  const { ceremony } = useSigning()
  const { offered } = ceremony.key
  const pin = offered.includes('pin')
  const passkey = offered.includes('passkey') && passkeysWork(ceremony.key)
  const [way, setWay] = useState<Way>(pin ? 'pin' : 'passkey')
  const choice =
    pin && passkey ? (
      <Radio.Group
        name="way"
        label={t('key.choose')}
        value={way}
        onChange={(next) => setWay(next === 'passkey' ? 'passkey' : 'pin')}
      >
        <Stack gap={6} mt={6}>
          <Radio value="pin" label={t('key.way_pin')} />
          <Radio value="passkey" label={t('key.way_passkey')} />
        </Stack>
      </Radio.Group>
    ) : null
  return way === 'pin' ? <KeyPin choice={choice} /> : <KeyPasskey choice={choice} works={passkey} />
}
