import {
  IconBuilding,
  IconBuildingFortress,
  IconCash,
  IconCertificate,
  IconEyeCheck,
  IconFileCheck,
  IconId,
  IconInbox,
  IconInfoCircle,
  IconKey,
  IconMail,
  IconScale,
  IconUserCheck,
} from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, type LinkProps } from '@tanstack/react-router'
import type { ComponentType } from 'react'
import { useTranslation } from 'react-i18next'
import { serverQuery } from '@/api/account'
import { administratorQuery } from '@/api/certificates'
import { useAccount } from '@/features/account/session'
import classes from './app-shell.module.css'

interface SideLink {
  to: LinkProps['to']
  text: string
  icon: ComponentType<{ size: number; 'aria-hidden': boolean }>
}

export function SideLinks({ onFollow }: { onFollow?: () => void }) {
  const { t } = useTranslation()
  const server = useQuery(serverQuery)
  const account = useAccount()
  const administrator = useQuery({ ...administratorQuery, enabled: Boolean(account) })
  const links: SideLink[] = [
    { to: '/envelopes', text: t('nav.envelopes'), icon: IconMail },
    { to: '/verify', text: t('nav.verify'), icon: IconFileCheck },
  ]
  if (account) links.push({ to: '/identity', text: t('nav.identity'), icon: IconId })
  if (account) links.push({ to: '/organizations', text: t('nav.organizations'), icon: IconBuilding })
  if (account) links.push({ to: '/policies', text: t('policy.page.nav'), icon: IconScale })
  if (account) links.push({ to: '/certificates', text: t('nav.certificates'), icon: IconCertificate })
  if (account) links.push({ to: '/keys', text: t('nav.keys'), icon: IconKey })
  if (account && administrator.data) links.push({ to: '/ca', text: t('nav.ca'), icon: IconBuildingFortress })
  if (account && administrator.data) links.push({ to: '/transfers', text: t('nav.transfers'), icon: IconCash })
  if (account && administrator.data) links.push({ to: '/reviews', text: t('nav.reviews'), icon: IconEyeCheck })
  if (server.data?.outbox) links.push({ to: '/outbox', text: t('nav.outbox'), icon: IconInbox })
  if (server.data?.sandbox) links.push({ to: '/sandbox', text: t('nav.sandbox'), icon: IconUserCheck })
  links.push({ to: '/about', text: t('nav.about'), icon: IconInfoCircle })
  return (
    <ul className={classes.links}>
      {links.map(({ to, text, icon: Icon }) => (
        <li key={to}>
          <Link to={to} className={classes.link} onClick={onFollow}>
            <Icon size={20} aria-hidden />
            {text}
          </Link>
        </li>
      ))}
    </ul>
  )
}
