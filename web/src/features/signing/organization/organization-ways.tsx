import { Radio, Stack } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { OrganizationState } from '@/features/signing/ceremony-types'
import classes from '@/features/signing/signing.module.css'

export type Way = OrganizationState['ways'][number]['way']

interface OrganizationWaysProps {
  open: OrganizationState['ways']
  way: Way
  /** Whether the signer chose it just now: each way is a screen of its own, and the focus stays where it was. */
  chosen: boolean
  onChange: (way: Way) => void
}

/** The ways to show that one acts for the company: what each takes, and how long. The quickest stands first. */
export function OrganizationWays({ open, way, chosen, onChange }: OrganizationWaysProps) {
  const { t } = useTranslation('signing')
  const group = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (chosen) group.current?.querySelector<HTMLInputElement>('input:checked')?.focus()
  }, [chosen])
  if (open.length < 2) return null
  return (
    <Radio.Group ref={group} label={t('organization.way')} value={way} onChange={(value) => onChange(value as Way)}>
      <Stack gap="sm" mt="xs" className={classes.card}>
        {open.map(({ way }) => (
          <Radio
            key={way}
            value={way}
            label={t(`organization.way_name.${way}`)}
            description={t(`organization.way_text.${way}`)}
          />
        ))}
      </Stack>
    </Radio.Group>
  )
}
