import { Skeleton } from '@mantine/core'
import { IconKey } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { HeldKey } from '@/api/types'
import { useConfirmed } from '@/features/account/use-confirmed'
import { GiveUpKey } from '@/features/signing/key/give-up-key'
import { KeyCard } from '@/features/signing/key/my-keys-page'
import { EmptyState } from '@/ui/empty-state'
import { LinkButton } from '@/ui/link-button'
import { Page } from '@/ui/page'
import { ProblemAlert } from '@/ui/problem-alert'
import { giveUpMyKey, myIdentityQuery, myKeysQuery } from './api'
import classes from './identity.module.css'

/** The keys of the account's person, outside of any ceremony. */
export function AccountKeysPage() {
  const { t } = useTranslation('signing')
  const { t: own } = useTranslation('identity')
  const client = useQueryClient()
  const [leaving, setLeaving] = useState<HeldKey | null>(null)
  const { confirmed, dialog } = useConfirmed()
  const keys = useQuery(myKeysQuery)
  const mine = useQuery(myIdentityQuery)
  const giveUp = useMutation({
    mutationFn: (id: string) => confirmed(() => giveUpMyKey(id)),
    onSuccess: (list) => {
      client.setQueryData(myKeysQuery.queryKey, list)
      void client.invalidateQueries({ queryKey: ['certificates', 'mine'] })
      setLeaving(null)
    },
  })
  const linked = Boolean(mine.data?.person)
  return (
    <Page title={t('my_keys.title')} lead={t('my_keys.lead')}>
      <ProblemAlert error={keys.error ?? mine.error} />
      {keys.isPending || mine.isPending ? <Skeleton height={180} radius="lg" /> : null}
      {keys.data?.items.length === 0 && mine.data ? (
        <EmptyState
          icon={<IconKey />}
          title={t('my_keys.none')}
          actions={linked ? undefined : <LinkButton to="/identity">{own('title')}</LinkButton>}
        >
          {linked ? null : own('unlinked')}
        </EmptyState>
      ) : null}
      <div className={classes.cards}>
        {keys.data?.items.map((key) => (
          <KeyCard key={key.id} held={key} giveUp={() => setLeaving(key)} />
        ))}
      </div>
      <GiveUpKey held={leaving} close={() => setLeaving(null)} act={giveUp} />
      {dialog}
    </Page>
  )
}
