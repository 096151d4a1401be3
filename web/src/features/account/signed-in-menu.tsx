import { Menu, UnstyledButton } from '@mantine/core'
import { IconBuilding, IconChevronDown, IconId, IconLogout, IconMail, IconUser } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { logOut } from '@/api/account'
import type { Account } from '@/api/types'
import classes from './account-menu.module.css'
import { useSetAccount } from './session'

export function SignedInMenu({ account }: { account: Account }) {
  const { t } = useTranslation()
  const setAccount = useSetAccount()
  const navigate = useNavigate()
  const leave = async () => {
    await logOut().catch(() => {})
    await navigate({ to: '/' })
    await setAccount(null)
  }
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <UnstyledButton className={classes.button} aria-label={t('nav.account', { name: account.name })}>
          <IconUser size={18} aria-hidden className={classes.icon} />
          <span className={classes.name}>{account.name}</span>
          <IconChevronDown size={14} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{account.email}</Menu.Label>
        <Menu.Item component={Link} to="/envelopes" leftSection={<IconMail size={18} aria-hidden />} mih={44}>
          {t('nav.envelopes')}
        </Menu.Item>
        <Menu.Item component={Link} to="/identity" leftSection={<IconId size={18} aria-hidden />} mih={44}>
          {t('nav.identity')}
        </Menu.Item>
        <Menu.Item component={Link} to="/organizations" leftSection={<IconBuilding size={18} aria-hidden />} mih={44}>
          {t('nav.organizations')}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={18} aria-hidden />} onClick={leave} mih={44}>
          {t('nav.logout')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
