import { Menu, UnstyledButton } from '@mantine/core'
import { IconChevronDown, IconLogout, IconUser } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { logOut } from '@/api/account'
import { LinkButton } from '@/ui/link-button'
import classes from './account-menu.module.css'
import { useAccount, useSetAccount } from './session'

/** Who is logged in, and the way out; or the way in. */
export function AccountMenu() {
  const { t } = useTranslation()
  const account = useAccount()
  const setAccount = useSetAccount()
  const navigate = useNavigate()

  if (account === undefined) return null
  if (account === null) {
    return (
      <LinkButton to="/login" variant="default" size="sm" px="md">
        {t('nav.login')}
      </LinkButton>
    )
  }
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
        <Menu.Item component={Link} to="/envelopes" mih={44}>
          {t('nav.envelopes')}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={18} aria-hidden />} onClick={leave} mih={44}>
          {t('nav.logout')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
