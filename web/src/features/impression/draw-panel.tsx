import { IconPencil } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './impression.module.css'
import { PadDialog } from './pad-dialog'
import { PanelForm } from './panel-form'
import type { Adopt } from './use-adopt'

export function DrawPanel({ adopt }: { adopt: Adopt }) {
  const { t } = useTranslation('signing')
  const [opened, setOpened] = useState(false)
  return (
    <PanelForm onSubmit={() => setOpened(true)}>
      <button type="button" className={classes.open} onClick={() => setOpened(true)}>
        <IconPencil size={28} stroke={1.5} aria-hidden />
        {t('impression.pad_title')}
      </button>
      <PadDialog
        opened={opened}
        close={() => setOpened(false)}
        use={adopt.make}
        pending={adopt.pending}
        error={adopt.error}
      />
    </PanelForm>
  )
}
