import { Radio, Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Envelope } from '@/api/types'

interface OrderChoiceProps {
  value: Envelope['order']
  onChange: (order: Envelope['order']) => void
}

export function OrderChoice({ value, onChange }: OrderChoiceProps) {
  const { t } = useTranslation('envelope')
  return (
    <Radio.Group
      name="order"
      label={t('order.label')}
      value={value}
      onChange={(next) => onChange(next === 'parallel' ? 'parallel' : 'sequential')}
      mb="lg"
    >
      <Stack gap={6} mt={6}>
        <Radio value="sequential" label={t('order.sequential')} description={t('order.sequential_hint')} />
        <Radio value="parallel" label={t('order.parallel')} description={t('order.parallel_hint')} />
      </Stack>
    </Radio.Group>
  )
}
