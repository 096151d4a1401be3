import { Button, NativeSelect } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useConfirmed } from '@/features/account/use-confirmed'
import { Dialog, DialogActs } from '@/ui/dialog'
import { ProblemAlert } from '@/ui/problem-alert'
import { type MyOrganization, type OrganizationAgent, revokeAgent } from './api'

interface TakeAwayProps {
  organization: MyOrganization
  agent: OrganizationAgent
  close: () => void
}

/** Ends an agent's power to act for the organization, one's own or another's: with the password again. */
export function TakeAway({ organization, agent, close }: TakeAwayProps) {
  const { t } = useTranslation(['identity', 'common'])
  const client = useQueryClient()
  const [reason, setReason] = useState<'dismissed' | 'misused'>('dismissed')
  const { confirmed, dialog } = useConfirmed()
  const take = useMutation({
    mutationFn: () => confirmed(() => revokeAgent(organization.id, agent.id, reason)),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['organizations'] })
      close()
    },
  })
  const act = agent.is_me ? 'organizations.resign' : 'organizations.take'
  return (
    <>
      <Dialog opened close={close} title={t(act)}>
        <p style={{ marginTop: 0 }}>
          {t(agent.is_me ? 'organizations.resign_text' : 'organizations.take_text', {
            name: agent.name ?? '',
            organization: organization.name,
          })}
        </p>
        {agent.is_me ? null : (
          <NativeSelect
            label={t('organizations.why')}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value as 'dismissed' | 'misused')}
            data={(['dismissed', 'misused'] as const).map((value) => ({
              value,
              label: t(`organizations.end.${value}`),
            }))}
          />
        )}
        <ProblemAlert error={take.error} mt="md" takeFocus />
        <DialogActs>
          <Button variant="default" onClick={close}>
            {t('common:cancel')}
          </Button>
          <Button loading={take.isPending} onClick={() => take.mutate()}>
            {t(act)}
          </Button>
        </DialogActs>
      </Dialog>
      {dialog}
    </>
  )
}
