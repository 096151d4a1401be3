import { Alert } from '@mantine/core'
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react'
import type { ReactNode } from 'react'

/** What stands in the way, or what went well: an icon and a sentence, never colour alone. */
export function Notice({ tone, children }: { tone: 'seal' | 'jade'; children: ReactNode }) {
  const Icon = tone === 'jade' ? IconCheck : IconAlertTriangle
  return (
    <Alert color={tone} variant="light" role={tone === 'jade' ? 'status' : 'alert'} icon={<Icon aria-hidden />}>
      {children}
    </Alert>
  )
}
