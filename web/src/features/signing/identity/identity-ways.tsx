import { Radio, Stack } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { QuietButton } from '@/ui/quiet-button'
import type { DocumentKind, MethodName, Offered } from './identity-methods'

interface IdentityWaysProps {
  methods: readonly Offered[]
  document: DocumentKind
  method: MethodName | null
  /** Shows the ways at once: after one of them did not work. */
  open: boolean
  onChange: (method: MethodName) => void
}

/** The ways to be verified with this document. Out of the way until somebody needs another than the usual one. */
export function IdentityWays({ methods, document, method, open, onChange }: IdentityWaysProps) {
  const { t } = useTranslation('signing')
  const [asked, setAsked] = useState(false)
  const offered = methods.filter(({ documents }) => documents.includes(document))
  if (offered.length < 2) return null
  if (!asked && !open && method === offered[0]?.method) {
    return <QuietButton onClick={() => setAsked(true)}>{t('identity.other_way')}</QuietButton>
  }
  return (
    <Radio.Group label={t('identity.way')} value={method ?? ''} onChange={(value) => onChange(value as MethodName)}>
      <Stack gap="sm" mt="xs">
        {offered.map((way) => (
          <Radio
            key={way.method}
            value={way.method}
            label={t(`identity.method.${way.method}`)}
            description={`${t(`identity.method_text.${way.method}`)} ${t(`identity.assurance.${way.assurance}`)}`}
          />
        ))}
      </Stack>
    </Radio.Group>
  )
}
