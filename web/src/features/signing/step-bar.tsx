import { Button, Menu } from '@mantine/core'
import { IconBan, IconDotsVertical } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSigning } from './signing-context'
import classes from './signing.module.css'

interface StepBarProps {
  /** A line above the buttons: what is left, which page. */
  note?: ReactNode
  /** Further entries of "More", above "Decline". */
  menu?: ReactNode
  /** The one primary act. */
  children: ReactNode
  wide?: boolean
}

/** Stays at the bottom of the screen: "More" with decline, and the next act. */
export function StepBar({ note, menu, children, wide = false }: StepBarProps) {
  const { t } = useTranslation('signing')
  const { askDecline } = useSigning()
  return (
    <footer className={classes.bar}>
      <div className={wide ? classes.barInnerWide : classes.barInner}>
        {note ? <div className={classes.barNote}>{note}</div> : null}
        <div className={classes.barButtons}>
          <Menu position="top-start" width={260} shadow="md">
            <Menu.Target>
              <Button variant="default" className={classes.more} leftSection={<IconDotsVertical size={18} aria-hidden />}>
                {t('header.more')}
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {menu}
              <Menu.Item className={classes.menuItem} leftSection={<IconBan size={18} aria-hidden />} onClick={askDecline}>
                {t('header.decline')}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
          {children}
        </div>
      </div>
    </footer>
  )
}
