import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Dialog } from '@/ui/dialog'
import classes from './signing.module.css'
import { useSigning } from './signing-context'

export function HelpDialog({ opened, close }: { opened: boolean; close: () => void }) {
  const { t } = useTranslation('signing')
  const { sender } = useSigning().ceremony.envelope
  return (
    <Dialog opened={opened} close={close} title={t('help.title')}>
      <div className={classes.prose}>
        <p>{t('help.what')}</p>
        <p>{t('help.who', { sender: `${sender.name} (${sender.email_masked})` })}</p>
        <p>{t('help.safe')}</p>
        <p>{t('help.verify')}</p>
      </div>
      <Button fullWidth mt="lg" variant="default" onClick={close}>
        {t('actions.close')}
      </Button>
    </Dialog>
  )
}
