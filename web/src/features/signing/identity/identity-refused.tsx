import { Button, Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useSigning } from '@/features/signing/signing-context'
import { Dialog } from '@/ui/dialog'

/** What is left to somebody who does not agree to have their ID data processed. */
export function IdentityRefused({ opened, close }: { opened: boolean; close: () => void }) {
  const { t } = useTranslation('signing')
  const { askDecline } = useSigning()
  const decline = () => {
    close()
    askDecline()
  }
  return (
    <Dialog opened={opened} close={close} title={t('identity.refused_title')}>
      <Stack>
        <p style={{ margin: 0 }}>{t('identity.refused_text')}</p>
        <Button onClick={decline}>{t('identity.refused_decline')}</Button>
        <Button variant="default" onClick={close}>
          {t('identity.refused_close')}
        </Button>
      </Stack>
    </Dialog>
  )
}
