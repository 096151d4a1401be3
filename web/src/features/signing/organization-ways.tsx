import { Radio, Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { OrganizationState } from './ceremony-types'
import classes from './signing.module.css'

export type Way = OrganizationState['ways'][number]['way']

interface OrganizationWaysProps {
  organization: OrganizationState
  way: Way
  onChange: (way: Way) => void
}

/** The ways to show that one acts for the company: what each takes, and how long. The quickest stands first. */
export function OrganizationWays({ organization, way, onChange }: OrganizationWaysProps) {
  const { t } = useTranslation('signing')
  if (organization.ways.length < 2) return null
  return (
    <Radio.Group label={t('organization.way')} value={way} onChange={(value) => onChange(value as Way)}>
      <Stack gap="sm" mt="xs" className={classes.card}>
        {organization.ways.map(({ way }) => (
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
