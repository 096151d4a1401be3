import { Drawer, Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './dialog.module.css'

interface DialogProps {
  opened: boolean
  close: () => void
  title: string
  /** In the middle of the screen, or all of it; or a sheet from its bottom, as wide as the page; or a panel at its side. */
  place?: 'middle' | 'full' | 'bottom' | 'side'
  children: ReactNode
}

const placing = {
  middle: { centered: true, radius: 'lg' },
  full: { fullScreen: true },
  bottom: { position: 'bottom', size: 'auto' },
  side: { position: 'left', size: 280 },
} as const

/** A dialog with its title and a close button that a thumb can hit. */
export function Dialog({ opened, close, title, place = 'middle', children }: DialogProps) {
  const { t } = useTranslation()
  // Mantine's own header is a <header>, which screen readers take for the page's banner.
  const Parts = place === 'middle' || place === 'full' ? Modal : Drawer
  return (
    // By `classNames`: a class given to the content itself would be its surroundings' too.
    <Parts.Root opened={opened} onClose={close} classNames={{ content: classes[place] }} {...placing[place]}>
      <Parts.Overlay backgroundOpacity={0.35} />
      <Parts.Content>
        <div className={classes.head} data-place={place}>
          <Parts.Title className={classes.title}>{title}</Parts.Title>
          <Parts.CloseButton size={44} iconSize={20} aria-label={t('close')} />
        </div>
        <Parts.Body className={classes.body} data-place={place}>
          {children}
        </Parts.Body>
      </Parts.Content>
    </Parts.Root>
  )
}

/** The way back and the act: side by side, and one above the other where a phone has no room for both. */
export function DialogActs({ children }: { children: ReactNode }) {
  return <div className={classes.acts}>{children}</div>
}
