import { Menu } from '@mantine/core'
import { IconBan, IconKey } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { MoreButton } from './more-button'
import { useSigning } from './signing-context'
import classes from './step-bar.module.css'

/** "More", open: what a step adds, the signer's keys, and "Decline". */
export function StepMenu({ children }: { children?: ReactNode }) {
  const { t } = useTranslation('signing')
  const { rcp, ceremony, askDecline } = useSigning()
  return (
    <Menu position="top-start" width={260} shadow="md" defaultOpened>
      <Menu.Target>
        <MoreButton />
      </Menu.Target>
      <Menu.Dropdown>
        {children}
        {ceremony.identity.state === 'verified' ? (
          <Menu.Item
            className={classes.menuItem}
            leftSection={<IconKey size={18} aria-hidden />}
            component={Link}
            to={`/keys/${rcp}`}
          >
            {t('my_keys.open')}
          </Menu.Item>
        ) : null}
        <Menu.Item className={classes.menuItem} leftSection={<IconBan size={18} aria-hidden />} onClick={askDecline}>
          {t('header.decline')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
