import { Button, Card, Group, Progress, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useFormat } from '@/i18n/format'
import { ProblemAlert } from '@/ui/problem-alert'
import type { UploadState } from './use-document-upload'

/** How far the file is, and what went wrong with it. */
export function UploadProgress({ state, onStop }: { state: UploadState; onStop: () => void }) {
  const { t } = useTranslation('envelope')
  const { t: common } = useTranslation()
  const format = useFormat()
  if (state.kind === 'idle') return null
  if (state.kind === 'failed') {
    return <ProblemAlert error={state.error} title={t('upload.failed', { name: state.name })} mb="md" takeFocus />
  }
  const share = state.kind === 'uploading' ? state.share : 1
  const percent = Math.round(share * 100)
  return (
    <Card mb="md">
      <Group justify="space-between" wrap="nowrap">
        <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
          {state.name}
        </Text>
        {state.kind === 'uploading' ? (
          <Button variant="default" size="sm" onClick={onStop}>
            {common('cancel')}
          </Button>
        ) : null}
      </Group>
      <Progress
        value={percent}
        animated={state.kind === 'checking'}
        size="lg"
        radius="xl"
        mt="sm"
        aria-label={t('upload.progress')}
      />
      <Text size="sm" c="dimmed" mt={6} role="status">
        {state.kind === 'uploading' ? t('upload.sent', { percent: format.number(percent) }) : t('upload.checking')}
      </Text>
    </Card>
  )
}
