import { Button } from '@mantine/core'
import { IconDownload, IconReport } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { documentUrl, reportUrl } from '@/api/envelopes'
import type { Envelope } from '@/api/types'
import { VoidDialog } from './void-dialog'

export function EnvelopeActions({ envelope }: { envelope: Envelope }) {
  const { t } = useTranslation('envelope')
  const document = envelope.documents[0]
  const signed = envelope.recipients.some((recipient) => recipient.status === 'signed')
  return (
    <>
      {envelope.status === 'sent' ? <VoidDialog envelope={envelope} /> : null}
      {envelope.report_ready ? (
        <Button
          component="a"
          href={reportUrl(envelope.id)}
          download
          variant="default"
          leftSection={<IconReport size={20} aria-hidden />}
        >
          {t('page.report')}
        </Button>
      ) : null}
      {document ? (
        <Button
          component="a"
          href={documentUrl(envelope.id, document.id, { download: true })}
          download
          variant={envelope.status === 'completed' ? 'filled' : 'default'}
          leftSection={<IconDownload size={20} aria-hidden />}
        >
          {envelope.status === 'completed'
            ? t('page.download_signed')
            : t(signed ? 'page.download_part' : 'page.download')}
        </Button>
      ) : null}
    </>
  )
}
