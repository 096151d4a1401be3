import { Drawer, Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './dialog.module.css'

interface DialogProps {
  opened: boolean
  close: () => void
  title: string
  /** From the bottom of the screen, as wide as the page. */
  sheet?: boolean
  children: ReactNode
}

/** A dialog with its title and a close button that a thumb can hit. */
export function Dialog({ opened, close, title, sheet = false, children }: DialogProps) {
  const { t } = useTranslation('signing')
  // Mantine's own header is a <header>, which screen readers take for the page's banner.
  const Parts = sheet ? Drawer : Modal
  const placing = sheet ? ({ position: 'bottom', size: 'auto' } as const) : { centered: true, radius: 'lg' as const }
  return (
    <Parts.Root opened={opened} onClose={close} {...placing}>
      <Parts.Overlay backgroundOpacity={0.35} />
      <Parts.Content className={sheet ? classes.sheet : classes.content}>
        <div className={classes.head}>
          <Parts.Title className={classes.title}>{title}</Parts.Title>
          <Parts.CloseButton size={44} iconSize={20} aria-label={t('actions.close')} />
        </div>
        <Parts.Body className={classes.body}>{children}</Parts.Body>
      </Parts.Content>
    </Parts.Root>
  )
}
